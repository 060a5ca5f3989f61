//! Characters written as codes (`&quot;`, `&#8220;`), and characters that cannot be seen.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use encoding_rs::WINDOWS_1252;

use super::layer::Replacement;
use crate::lang::id::entries;
use crate::part::Part;

/// Longest code with its `&` and `;`, save for those that were written twice.
const LONGEST: usize = 12;

/// Code points by the names of HTML.
static NAMES: LazyLock<HashMap<&str, char>> = LazyLock::new(|| {
    let named = entries(include_str!("entities.txt")).filter_map(|entry| entry.split_once(' '));
    named
        .filter_map(|(name, code)| Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?)))
        .collect()
});

/// Names that browsers read without their semicolon, and in capitals, and that no word is like.
const LENIENT: [(&str, char); 6] =
    [("nbsp", '\u{a0}'), ("amp", '&'), ("quot", '"'), ("lt", '<'), ("gt", '>'), ("apos", '\'')];

/// The codes and the unseen characters of `text`.
pub(super) fn find(text: &str) -> Vec<Replacement> {
    let mut found = Vec::new();
    let mut end = 0;
    for (start, character) in
        text.char_indices().filter(|(_, c)| *c == '&' || !c.is_ascii() || c.is_control())
    {
        if start < end {
            continue;
        }
        let rest = text.part(start..);
        let (len, read, glued) = match character {
            '&' => match code(rest) {
                Some((len, read)) => (len, Cow::Owned(read), false),
                None => continue,
            },
            // A line separator, a paragraph separator, a new page.
            '\u{2028}' | '\u{85}' | '\u{b}' | '\u{c}' => (character.len_utf8(), Cow::Borrowed("\n"), false),
            // The end of a line on old machines; with a line break behind it, it is a part of that.
            '\r' if !rest.starts_with("\r\n") => (1, Cow::Borrowed("\n"), false),
            '\u{2029}' => (character.len_utf8(), Cow::Borrowed("\n\n"), false),
            '\u{ad}' => (2 + parted_by(text, start), Cow::Borrowed(""), true),
            '\u{200c}' | '\u{200d}' if joins(text, start, character) => continue,
            unseen if is_unseen(unseen) => (unseen.len_utf8(), Cow::Borrowed(""), true),
            _ => continue,
        };
        end = start + len;
        // A code for what cannot be seen reads as nothing either.
        let unseen = read.chars().all(is_unseen);
        let (read, glued) = if unseen { (Cow::Borrowed(""), true) } else { (read, glued) };
        found.push(Replacement { source: start..end, read, glued });
    }
    found
}

/// Characters without a form and without a width: soft hyphen, zero-width blanks and joiners, byte order mark, marks of
/// direction.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// Whether the joiner or non-joiner at `start` has a meaning: between letters of scripts that join, and in emoji.
fn joins(text: &str, start: usize, joiner: char) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(start + joiner.len_utf8()..).and_then(|text| text.chars().next());
    // Latin letters and the marks of running text lie below.
    let joining =
        |c: Option<char>| c.is_some_and(|c| c >= '\u{590}' && !('\u{1e00}'..'\u{2190}').contains(&c));
    joining(before) && joining(after)
}

/// Bytes of the line break with which the soft hyphen at `start` parts a word: letters stand on both sides, and no new word begins
/// with a capital.
fn parted_by(text: &str, start: usize) -> usize {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let rest = text.part(start + '\u{ad}'.len_utf8()..);
    let len = line_break(rest);
    let after = rest.get(len..).and_then(|rest| rest.chars().next());
    match (before, after) {
        (Some(before), Some(after)) if before.is_alphabetic() && after.is_alphabetic() => {
            if before.is_lowercase() && after.is_uppercase() {
                0
            } else {
                len
            }
        }
        _ => 0,
    }
}

/// Bytes of the line break at the start of `text`, with the indentation of the next line.
fn line_break(text: &str) -> usize {
    let rest = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'));
    rest.map_or(0, |rest| text.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// The code at the start of `text`: its length and what it stands for. Codes of codes (`&amp;quot;`) are read to their end.
fn code(text: &str) -> Option<(usize, String)> {
    let (mut len, mut read) = single(text)?;
    while read == '&' {
        // `&amp;` and `quot;` are one code, `&amp;` and ` Kelautan` are not.
        let Some((more, inner)) = text.get(len..).and_then(behind_ampersand) else { break };
        len += more;
        read = inner;
    }
    Some((len, read.to_string()))
}

fn single(text: &str) -> Option<(usize, char)> {
    let (len, read) = behind_ampersand(text.strip_prefix('&')?)?;
    Some((len + 1, read))
}

/// The code whose `&` stands before `text`.
fn behind_ampersand(text: &str) -> Option<(usize, char)> {
    let window = text.as_bytes().get(..LONGEST.min(text.len()))?;
    let end =
        window.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#').unwrap_or(window.len());
    let name = text.get(..end)?;
    let closed = text.as_bytes().get(end) == Some(&b';');
    if let Some(number) = name.strip_prefix('#') {
        let number = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return closed.then_some((end + 1, numbered(number)?));
    }
    if closed {
        if let Some(&read) = NAMES.get(name) {
            return Some((end + 1, read));
        }
    }
    let lenient =
        LENIENT.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|&(_, read)| read)?;
    // Without a semicolon only where nothing could be meant by the name: `?a=1&lt=2` is an address.
    let alone = text.get(end..)?.chars().next().is_none_or(|next| next.is_whitespace() || !next.is_ascii());
    (closed || (alone && name.chars().all(|c| c.is_ascii_lowercase())))
        .then_some((end + usize::from(closed), lenient))
}

/// The character of a number; those from 128 to 159 are meant as Windows counts, as all browsers read them.
fn numbered(number: u32) -> Option<char> {
    match number {
        0x80..=0x9f => {
            let byte = [u8::try_from(number).ok()?];
            let (read, ..) = WINDOWS_1252.decode(&byte);
            read.chars().next()
        }
        0 => None,
        _ => char::from_u32(number),
    }
}

#[cfg(test)]
mod tests {
    use crate::reading::read;

    #[test]
    fn reads_codes_as_what_they_stand_for() {
        for (written, meant) in [
            ("&quot;Ya,&quot; kata Sari.", "\"Ya,\" kata Sari."),
            ("Perikanan &amp; Kelautan", "Perikanan & Kelautan"),
            ("naik &lt; 10 dan &gt; 5", "naik < 10 dan > 5"),
            ("tak &#39;mengeluh&#39;", "tak 'mengeluh'"),
            ("&#8220;Ya&#8221; &#x201C;Ya&#X201D;", "“Ya” “Ya”"),
            ("&#147;Ya&#148; 7&#150;2", "“Ya” 7–2"),
            ("Caf&eacute; &ldquo;Jos&eacute;&rdquo; &ndash; 35&deg;C", "Café “José” – 35°C"),
            ("Maryam.&nbsp;Sebanyak", "Maryam.\u{a0}Sebanyak"),
            ("Maryam.&nbsp Sebanyak", "Maryam.\u{a0} Sebanyak"),
            ("A &amp B, &NBSP;&QUOT;C&QUOT;", "A & B, \u{a0}\"C\""),
            ("&amp;quot;Ya&amp;quot; &amp;amp;#39;", "\"Ya\" '"),
            ("Ia mem&shy;bawa to&#8203;ko&zwnj;", "Ia membawa toko"),
        ] {
            assert_eq!(read(written), meant);
        }
    }

    #[test]
    fn leaves_what_is_no_code() {
        for text in [
            "A&W; R&B;",
            "https://contoh.id/?a=1&copy=2&lt=3",
            "&tidakada;",
            "&#;",
            "&#0;",
            "&",
            "&;",
            "&#xZZ;",
            "&#99999999;",
        ] {
            assert_eq!(read(text), text);
        }
    }

    #[test]
    fn passes_over_what_cannot_be_seen() {
        for (written, meant) in [
            ("\u{feff}Ia mem\u{ad}bawa.", "Ia membawa."),
            ("To\u{200b}lare \u{200e}ramai\u{2060}.\u{200c} Ya\u{200d}", "Tolare ramai. Ya"),
            ("mem\u{ad}\nbawa kursi", "membawa kursi"),
            ("PEM\u{ad}\nBANGUNAN", "PEMBANGUNAN"),
            ("tiba di Tolo.\u{ad}\nBaca juga", "tiba di Tolo.\nBaca juga"),
            ("tiba di Tolo\u{ad}\nKapal lain", "tiba di Tolo\nKapal lain"),
            ("Satu.\rDua.\r\rTiga.\r\nEmpat.\r", "Satu.\nDua.\n\nTiga.\r\nEmpat.\n"),
            ("Satu.\u{2028}Dua.\u{2029}Tiga.\u{c}Empat.", "Satu.\nDua.\n\nTiga.\nEmpat."),
        ] {
            assert_eq!(read(written), meant);
        }
    }

    #[test]
    fn keeps_joiners_that_mean_something() {
        for text in ["👩\u{200d}👩\u{200d}👧", "می\u{200c}خواهم"] {
            assert_eq!(read(text), text);
        }
    }
}
