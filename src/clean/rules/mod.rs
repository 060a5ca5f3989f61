//! The built-in rules, one table per place in the text. `CONTRIBUTING.md` tells how to add one.

mod closing;
mod inline;
mod line;
mod opening;

use super::rule::Rule;

/// All rules in the order in which they are tried.
pub(super) fn all() -> Vec<Rule> {
    [opening::rules(), line::rules(), inline::rules(), closing::rules()].into_iter().flatten().collect()
}

/// The entries of a list file: one a line, `#` starts a comment line.
pub(super) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// A pattern for any of `names`, longer ones first; blanks match any white space.
fn any_of(names: impl Iterator<Item = &'static str>) -> String {
    let mut names: Vec<String> = names.map(|name| regex::escape(name).replace(' ', "[ ]+")).collect();
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
    names.dedup();
    format!("(?i-u:{})", names.join("|"))
}

/// A pattern for a text with capitals in all words but the small ones, as headlines and names have them.
fn title() -> String {
    let small = any_of(entries(include_str!("../../lang/id/boilerplate_small_words.txt")));
    let word = r#"["“‘'(\[]?[A-ZÀ-ÖØ-Þ\d][^\s]*"#;
    format!(r"(?:{word}|{small}[,:]?)(?:[ \u{{a0}}]+(?:{word}|{small}[,:]?|[-–—|&/]))*")
}

/// A clock time: `19:00 WIB`.
const CLOCK: &str = r"(?:[Pp]ukul\s+)?\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s*WI(?:B|TA|T)|\s*[Ww]i(?:b|ta|t))?";
/// A day: `Senin, 12 Mei 2025`, `12/05/2025`.
const DAY: &str = r"(?:(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad)\s*,?\s*)?(?:\d{1,2}\s+[A-Z][a-z]{2,8}\s+\d{4}|[A-Z][a-z]{2,8}\s+\d{1,2},\s*\d{4}|\d{1,2}[/-]\d{1,2}[/-]\d{4}|\d{4}-\d{2}-\d{2})";
/// What pages write before the time of publication.
const PUBLISHED: &str = r"(?i-u:diterbitkan|dipublikasikan|dipublikasi|publikasi|ditayangkan|dimuat|diunggah|diupdate|(?:terakhir )?diperbarui|terbit|tayang|(?:first )?published|(?:last )?updated|posted|update)(?:\s+(?i-u:pada|on|at))?\s*[:|]?\s*";
/// Parts a day from a clock time, or either from what stands beside it.
const PART: &str = r"(?:\s*[,|•·–—-]\s*|\s+)";

/// A pattern for a source before its photographer: `Liputan6.com/Siti Aminah`, `AFP/Siti`.
fn photographer() -> String {
    let site = publisher();
    format!(
        r"(?:{site}|ANTARA FOTO|AFP|EPA|EFE|REUTERS|Reuters|AP Photo|AP|XINHUA|Xinhua|Getty Images|GETTY IMAGES|[Dd]ok\.?|DOK\.?)\s?/\s?[A-ZÀ-ÖØ-Þ@][A-Za-zÀ-ÖØ-öø-ÿ'’._-]*(?:[ \u{{a0}}]+[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’.-]*){{0,3}}(?:/[A-Za-z]{{2,5}})?"
    )
}

/// A pattern for the names in the list of publishers and for domain names.
fn publisher() -> String {
    let listed = any_of(entries(include_str!("../../lang/id/boilerplate_publishers.txt")));
    format!(r"(?:{domain}|{listed})", domain = DOMAIN)
}

/// A publisher's domain: `Contoh.com`, `CONTOH-KOTA.CO.ID`.
const DOMAIN: &str = r"[A-Za-z][A-Za-z0-9-]{1,40}(?:[.,](?i-u:co|or|go|ac))?[.,](?i-u:com|id|co|net|news|tv|org|info|asia|live)";

/// How Kompas begins the caption of a photo: with its source.
const CAPTION_SOURCE: &str = r"(?:(?:KOMPAS\.(?:com|COM)|Kompas\.com|ANTARA FOTO|AFP|EPA|REUTERS|Reuters|AP Photo|SHUTTERSTOCK|Shutterstock|GETTY IMAGES|Getty Images|PEXELS|UNSPLASH|FREEPIK|Freepik|TRIBUNNEWS\.COM|Tribunnews\.com)\s?/\s?|(?:SHUTTERSTOCK|FREEPIK|UNSPLASH|PEXELS|PIXABAY)\s+|(?:Shutterstock|Freepik)\s+(?:[Ii]lustrasi|ILUSTRASI)(?-u:\b)|(?:Dok|DOK|dok)\.\s?)";

/// A pattern for the places in the list of datelines.
fn place() -> String {
    any_of(entries(include_str!("../../lang/id/boilerplate_places.txt")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_within_a_scope_and_reasons_given() {
        let rules = all();
        let names: HashSet<_> = rules.iter().map(|rule| (rule.name(), rule.scope())).collect();
        assert_eq!(names.len(), rules.len());
        assert!(rules.iter().all(|rule| !rule.reason().is_empty() && !rule.patterns.is_empty()));
    }
}
