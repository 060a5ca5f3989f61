//! What a licence's name says about commercial use.

/// Written where nobody told the licence.
pub const UNKNOWN: &str = "unknown";

/// Whether a licence's name says that it forbids commercial use, e.g. `cc-by-nc-4.0`.
///
/// It reads the name only: that of a licence which does not tell, such as `other`, gives `false`.
pub fn is_non_commercial(license: &str) -> bool {
    let lower = license.to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pair = |first: &str, second: &str| words.windows(2).any(|pair| pair == [first, second]);
    words.iter().any(|&word| word == "nc" || word.starts_with("noncommercial"))
        || pair("non", "commercial")
        || pair("research", "only")
        || words.windows(4).any(|words| words == ["not", "for", "commercial", "use"])
}

/// The licence as it is shown and written into results: one that forbids commercial use says so in words.
pub fn named(license: &str) -> String {
    if is_non_commercial(license) && !license.to_lowercase().contains("commercial") {
        format!("{license} (non-commercial use only)")
    } else {
        license.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_licences_that_forbid_commercial_use() {
        for license in [
            "cc-by-nc-4.0",
            "CC BY-NC-SA 3.0",
            "PolyForm-Noncommercial-1.0.0",
            "for non-commercial use",
            "research only",
            "Not for commercial use.",
        ] {
            assert!(is_non_commercial(license), "{license}");
        }
        for license in
            ["apache-2.0", "mit", "cc-by-4.0", "cc-by-sa-4.0", "NCSA", "gemma", "unknown", "other", ""]
        {
            assert!(!is_non_commercial(license), "{license}");
        }
    }

    #[test]
    fn says_so_in_words_once() {
        assert_eq!(named("cc-by-nc-4.0"), "cc-by-nc-4.0 (non-commercial use only)");
        assert_eq!(named("for non-commercial use"), "for non-commercial use");
        assert_eq!(named("mit"), "mit");
    }
}
