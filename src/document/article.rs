//! What goes into the pipeline.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Why bytes are no article.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArticleError {
    /// The bytes are not UTF-8.
    #[error(
        "invalid UTF-8 at byte {offset} (line {line}); convert the text to UTF-8 first, e.g. with iconv"
    )]
    Utf8 {
        /// First byte that is not UTF-8.
        offset: usize,
        /// Its line, counted from 1.
        line: usize,
    },
}

impl From<ArticleError> for Error {
    /// Returns an [`Error::Input`], which names no article, since the bytes have none yet; [`of_article`](Error::of_article) does.
    fn from(error: ArticleError) -> Self {
        Error::Input { message: error.to_string() }
    }
}

/// A news article as scraped.
///
/// ```
/// let article = intisari::Article::new("a1", "Hujan turun di Bogor.").with_source("contoh.id");
/// assert_eq!(article.id, "a1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Article {
    /// Names the article in results and errors; chosen by the caller.
    pub id: String,
    /// The text; never altered. All spans are byte ranges of it.
    pub text: String,
    /// The headline, where it is known apart from the text. Stages get it as it stands, with whatever codes it has.
    #[serde(default)]
    pub title: Option<String>,
    /// The day of publication; relative dates are resolved against it.
    #[serde(default)]
    pub date: Option<Date>,
    /// Publisher or address.
    #[serde(default)]
    pub source: Option<String>,
}

impl Article {
    /// An article of `text`, named `id`.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Article { id: id.into(), text: text.into(), title: None, date: None, source: None }
    }

    /// An article of UTF-8 bytes; a byte order mark at the start is dropped.
    ///
    /// # Errors
    /// [`ArticleError::Utf8`] with the position of the first bad byte.
    pub fn from_utf8(id: impl Into<String>, bytes: &[u8]) -> Result<Self, ArticleError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let offset = error.valid_up_to();
            let line = 1 + bytes.iter().take(offset).filter(|&&byte| byte == b'\n').count();
            ArticleError::Utf8 { offset, line }
        })?;
        Ok(Article::new(id, text))
    }

    /// With a headline.
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// With the day of publication, from which relative dates count.
    ///
    /// ```
    /// use intisari::jiff::civil::date;
    ///
    /// let article = intisari::Article::new("a1", "Jembatan itu dibuka kemarin.").with_date(date(2025, 7, 15));
    /// assert_eq!(article.date, Some(date(2025, 7, 15)));
    /// ```
    pub fn with_date(mut self, date: Date) -> Self {
        self.date = Some(date);
        self
    }

    /// With the publisher or address.
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_bad_byte_and_its_line() {
        let error = Article::from_utf8("a", b"satu\ndua \xff tiga").unwrap_err();
        assert!(matches!(error, ArticleError::Utf8 { offset: 9, line: 2 }), "{error}");
    }

    #[test]
    fn bad_bytes_are_an_error_of_the_crate() {
        let read = || -> crate::Result<Article> { Ok(Article::from_utf8("a", b"satu \xff")?) };
        assert!(matches!(read().unwrap_err(), Error::Input { message } if message.contains("at byte 5")));
    }

    #[test]
    fn drops_a_byte_order_mark() {
        assert_eq!(Article::from_utf8("a", b"\xef\xbb\xbfsatu").unwrap().text, "satu");
    }
}
