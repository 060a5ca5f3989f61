//! Words of names that say what kind of thing is named: `names.txt`.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::entries;

type Words = HashSet<&'static str>;

/// Whether `word` is a kind of place that writers leave out after the first mention: `kota`.
pub(crate) fn is_place_kind(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("place"));
    WORDS.contains(word)
}

/// Whether `word`, behind a place, makes it another one: `barat`.
pub(crate) fn is_part_of_place(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("part"));
    WORDS.contains(word)
}

/// The number of the legal form or the like that `word` says: the same for `pt` and `tbk`, another for `partai`.
pub(crate) fn legal_form(word: &str) -> Option<usize> {
    static FORMS: LazyLock<Vec<Words>> =
        LazyLock::new(|| lines_of("form").map(|line| line.split_whitespace().collect()).collect());
    FORMS.iter().position(|words| words.contains(word))
}

/// Whether `word` says whose an organization is: `ri`.
pub(crate) fn is_owner(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("owner"));
    WORDS.contains(word)
}

/// Whether `word`, as the first of an organization, names a kind, so that what follows alone means something else: `bank`.
pub(crate) fn is_organization_kind(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("kind"));
    WORDS.contains(word)
}

/// Whether `word` is a local office that an article names in full once: `polres`.
pub(crate) fn is_office(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("office"));
    WORDS.contains(word)
}

/// Whether `word` addresses a person and is no office: `pak`.
pub(crate) fn is_address(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("address"));
    WORDS.contains(word)
}

/// Whether `word` stands within names of persons and tells nobody apart: `van`.
pub(crate) fn is_particle(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("particle"));
    WORDS.contains(word)
}

/// Whether `word` says, alone or with `-nya`, that a member of a family follows: `istrinya`.
pub(crate) fn is_kin(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("kin"));
    WORDS.contains(word.strip_suffix("nya").unwrap_or(word))
}

/// Whether `word`, before a name, says that a person bears it: `berinisial`.
pub(crate) fn introduces_person(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("introduction"));
    WORDS.contains(word)
}

/// Whether `word` is a street, a building or the like that may bear a person's name: `jalan`.
pub(crate) fn is_site(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("site"));
    WORDS.contains(word)
}

/// Whether `word`, as the first of an office, may be left out of an abbreviation of it: `kementerian`.
pub(crate) fn is_left_out_of_abbreviation(word: &str) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| words_of("unspelled"));
    WORDS.contains(word)
}

/// Whether `word` is a legal form of companies: `pt`.
pub(crate) fn is_company_form(word: &str) -> bool {
    legal_form(word).is_some_and(|form| Some(form) == legal_form("pt"))
}

fn words_of(group: &'static str) -> Words {
    lines_of(group).flat_map(str::split_whitespace).collect()
}

/// The lines of a group, without its name.
fn lines_of(group: &'static str) -> impl Iterator<Item = &'static str> {
    entries(include_str!("names.txt")).filter_map(move |line| {
        line.split_once(' ').filter(|(name, _)| *name == group).map(|(_, words)| words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_belongs_to_a_group_that_is_read() {
        let groups = [
            "place",
            "part",
            "owner",
            "form",
            "kind",
            "office",
            "address",
            "particle",
            "kin",
            "introduction",
            "site",
            "unspelled",
        ];
        for line in entries(include_str!("names.txt")) {
            let (group, words) = line.split_once(' ').unwrap();
            assert!(groups.contains(&group), "{line}");
            assert!(words.chars().all(|c| c.is_ascii_lowercase() || c == ' '), "{line}");
        }
        assert!(groups.iter().all(|group| !words_of(group).is_empty()));
    }

    #[test]
    fn knows_forms_of_one_kind() {
        assert_eq!(legal_form("pt"), legal_form("tbk"));
        assert_ne!(legal_form("pt"), legal_form("partai"));
        assert_eq!(legal_form("ri"), None);
        assert!(is_owner("ri") && is_place_kind("kota") && is_part_of_place("kota") && is_particle("van"));
        assert!(is_kin("istrinya") && is_kin("anak") && is_site("jalan") && introduces_person("korban"));
        assert!(is_company_form("tbk") && !is_company_form("partai") && !is_company_form("ri"));
        assert!(is_organization_kind("bank") && is_office("polres") && is_address("pak"));
    }
}
