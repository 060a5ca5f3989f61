//! The built-in rules, one table per place in the text. `CONTRIBUTING.md` tells how to add one.

mod closing;
mod inline;
mod line;
mod opening;

use std::sync::LazyLock;

use regex::Regex;

use super::rule::Rule;
use crate::text::pattern;

const PUBLISHERS: &str = include_str!("../../lang/id/boilerplate_publishers.txt");
const PLACES: &str = include_str!("../../lang/id/boilerplate_places.txt");

/// All rules in the order in which they are tried.
pub(super) fn all() -> Vec<Rule> {
    [opening::rules(), line::rules(), inline::rules(), closing::rules()].into_iter().flatten().collect()
}

/// The entries of a list file: one a line, `#` starts a comment line.
pub(super) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// An entry without the `*` before it.
fn unstarred(entry: &'static str) -> &'static str {
    entry.strip_prefix('*').unwrap_or(entry)
}

/// The entries behind a `*`, or the others.
fn starred(list: &'static str, star: bool) -> impl Iterator<Item = &'static str> {
    entries(list).filter(move |entry| entry.starts_with('*') == star).map(unstarred)
}

/// A pattern for any of `names`, whatever their case.
fn any_of(names: impl Iterator<Item = &'static str>) -> String {
    format!("(?i-ux:{})", alternatives(names.map(str::to_owned)))
}

/// A pattern for any of `names` in capitals.
fn in_capitals(names: impl Iterator<Item = &'static str>) -> String {
    format!("(?-ux:{})", alternatives(names.map(str::to_uppercase)))
}

/// Any of `names`, longer ones first; blanks match any white space, in verbose patterns too.
fn alternatives(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.map(|name| regex::escape(&name).replace(' ', "[ ]+")).collect();
    names.sort_by_key(|name| (std::cmp::Reverse(name.len()), name.clone()));
    names.dedup();
    names.join("|")
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
const DAY: &str = r"(?x:
    (?:(?:Senin|Selasa|Rabu|Kamis|Jum['’]?at|Sabtu|Minggu|Ahad)\s*,?\s*)?
    (?:
        \d{1,2}\s+[A-Z][a-z]{2,8}\s+\d{4}     # 12 Mei 2025
        | [A-Z][a-z]{2,8}\s+\d{1,2},\s*\d{4}  # May 12, 2025
        | \d{1,2}[/-]\d{1,2}[/-]\d{4}         # 12/05/2025
        | \d{4}-\d{2}-\d{2}                   # 2025-05-12
    )
)";
/// What pages write before the time of publication: `Diterbitkan pada:`, `Last updated`.
const PUBLISHED: &str = r"(?x:
    (?i-u:
        diterbitkan|dipublikasikan|dipublikasi|publikasi|dimuat|diunggah|diupdate
        |(?:terakhir\x20)?diperbarui
        |(?:first\x20)?published|(?:last\x20)?updated|posted|update
    )
    (?:\s+(?i-u:pada|on|at))?
    \s*[:|]?\s*
)";
/// Parts a day from a clock time, or either from what stands beside it.
const PART: &str = r"(?:\s*[,|•·–—-]\s*|\s+)";

/// A pattern for a source before its photographer: `Liputan6.com/Siti Aminah`, `AFP/Siti`.
fn photographer() -> String {
    let site = publisher();
    format!(
        r"(?x:
            (?:
                {site}
                |ANTARA(?:\x20FOTO)?|AFP|EPA|EFE|REUTERS|Reuters|AP\x20Photo|AP|XINHUA|Xinhua
                |Getty\x20Images|GETTY\x20IMAGES
                |[Dd]ok\.?|DOK\.?
            )
            \s?/\s?
            # A name of one to four words, or an account
            [A-ZÀ-ÖØ-Þ@][A-Za-zÀ-ÖØ-öø-ÿ'’._-]*
            (?:[\x20\u{{a0}}]+[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’.-]*){{0,3}}
            # Initials of the desk: /abc
            (?:/[A-Za-z]{{2,5}})?
        )"
    )
}

/// A pattern for domain names and for those names in the list of publishers that are nothing else.
fn publisher() -> String {
    format!(r"(?:{DOMAIN}|{listed})", listed = any_of(starred(PUBLISHERS, false)))
}

/// A pattern for domain names and all names in the list: `Suara` counts where something else shows that it is a publisher.
fn any_publisher() -> String {
    format!(r"(?:{DOMAIN}|{listed})", listed = any_of(entries(PUBLISHERS).map(unstarred)))
}

/// A pattern for those publishers whose names are words, in capitals.
fn publisher_in_capitals() -> String {
    in_capitals(starred(PUBLISHERS, true))
}

/// A publisher's domain: `Contoh.com`, `CONTOH-KOTA.CO.ID`.
const DOMAIN: &str = r"[A-Za-z][A-Za-z0-9-]{1,40}(?:[.,](?i-u:co|or|go|ac))?[.,](?i-u:com|id|co|net|news|tv|org|info|asia|live)";

/// How Kompas begins the caption of a photo: with its source.
const CAPTION_SOURCE: &str = r"(?x:
    # AFP/SITI AMINAH
    (?:
        KOMPAS\.(?:com|COM)|Kompas\.com
        |ANTARA\x20FOTO|AFP|EPA|REUTERS|Reuters|AP\x20Photo
        |SHUTTERSTOCK|Shutterstock|GETTY\x20IMAGES|Getty\x20Images|PEXELS|UNSPLASH|FREEPIK|Freepik
        |TRIBUNNEWS\.COM|Tribunnews\.com
    )\s?/\s?
    # PEXELS Ilustrasi perahu
    | (?:SHUTTERSTOCK|FREEPIK|UNSPLASH|PEXELS|PIXABAY)\s+
    # Freepik ilustrasi perahu
    | (?:Shutterstock|Freepik)\s+(?:[Ii]lustrasi|ILUSTRASI)(?-u:\b)
    # Dok. Pemkab Tolo
    | (?:Dok|DOK|dok)\.\s?
)";

/// A pattern for the places in the list of datelines.
fn place() -> String {
    any_of(entries(PLACES))
}

/// Whether a dateline has its publisher in it.
pub(super) fn names_publisher(dateline: &str) -> bool {
    static PUBLISHER: LazyLock<Regex> = LazyLock::new(|| pattern(&any_publisher()));
    PUBLISHER.is_match(dateline)
}

/// Whether `text` begins with a road, two places and a dash between them, or three (`MEDAN-Siantar macet`), or with two nations
/// (`INDONESIA - Belanda bertemu`).
pub(super) fn is_route(text: &str) -> bool {
    static ROUTE: LazyLock<Regex> = LazyLock::new(|| {
        let (place, nation) = (place(), any_of(nations()));
        pattern(&format!(
            r"\A(?:{place}(?:[-–‐]{place}\b|\s[-–‐]\s{place}\s[-–‐]\s)|{nation}\s*[-–—‐−]{{1,3}}\s*{nation}\b)"
        ))
    });
    ROUTE.is_match(text)
}

/// Nations and parts of the world, without the cities of their list.
fn nations() -> impl Iterator<Item = &'static str> {
    entries(include_str!("../../lang/id/nations.txt")).filter(|name| !name.starts_with('*'))
}

/// A pattern for nations in capitals; abbreviations (`AS`) are none that a dateline has.
fn nation_in_capitals() -> String {
    in_capitals(nations().filter(|name| name.len() > 3))
}

/// A pattern for those places in capitals.
fn place_in_capitals() -> String {
    in_capitals(entries(PLACES))
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
        // They are compiled when they are needed: here, so that none is wrong.
        let compiled = |rule: &Rule| rule.patterns.iter().all(|pattern| pattern.regex().captures_len() > 0);
        assert!(rules.iter().all(compiled));
    }
}
