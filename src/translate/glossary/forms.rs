//! What an Indonesian word may be a form of: clitics, doubling, affixes of verbs and of the nouns made from them.

/// A reading of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::translate) struct Form {
    /// In lower case.
    pub base: String,
    /// The word is made from the base with affixes, so that its English may be of another kind: disarm, disarmament.
    pub derived: bool,
}

const PARTICLES: [&str; 3] = ["lah", "kah", "pun"];
const PRONOUNS: [&str; 3] = ["nya", "ku", "mu"];
/// Suffixes that come with a prefix or alone.
const SUFFIXES: [&str; 3] = ["kan", "an", "i"];
/// Prefixes that never come without a suffix: member-daya-kan, but mem-beri-kan is none of `ikan`.
const SUFFIXED: [&str; 2] = ["member", "pember"];
/// Fewer letters are no root.
const ROOT: usize = 3;
/// Words that look like a prefix and a shorter word, and are none.
const WHOLE: [&str; 33] = [
    "beruang",
    "terbang",
    "terang",
    "perangkat",
    "bersih",
    "berita",
    "mentah",
    "teras",
    "beras",
    "terasi",
    "perang",
    "peran",
    "pekan",
    "perawan",
    "perak",
    "peras",
    "pesan",
    "dinas",
    "didih",
    "dikit",
    "dinding",
    "dingin",
    "merah",
    "mereka",
    "merek",
    "menteri",
    "menit",
    "mental",
    "terima",
    "teriak",
    "terus",
    "bernas",
    "penuh",
];

/// All readings of a word, as it stands first, each base once with the least derived reading.
pub(in crate::translate) fn of(word: &str) -> Vec<Form> {
    let lower = word.to_lowercase();
    let mut forms = Forms(Vec::new());
    for bare in without_clitics(&lower) {
        forms.add(&bare, false);
        if let Some((left, right)) = bare.split_once('-') {
            doubled(left, right, &mut forms);
        }
        for root in roots(&bare) {
            forms.add(&root, true);
        }
    }
    forms.0
}

struct Forms(Vec<Form>);

impl Forms {
    fn add(&mut self, base: &str, derived: bool) {
        match self.0.iter_mut().find(|form| form.base == base) {
            Some(form) => form.derived &= derived,
            None => self.0.push(Form { base: base.to_owned(), derived }),
        }
    }
}

/// The word, without a particle, and without a pronoun before that; also where a hyphen stands before them (`KPK-nya`).
fn without_clitics(word: &str) -> Vec<String> {
    let mut bare = vec![word.to_owned()];
    for clitics in [PARTICLES, PRONOUNS] {
        for index in 0..bare.len() {
            let Some(word) = bare.get(index) else { continue };
            let cut = clitics.iter().find_map(|clitic| {
                let rest = word.strip_suffix(clitic)?;
                let hyphened = rest.strip_suffix('-');
                // AS-nya has two letters, `asnya` is no form of AS.
                let least = if hyphened.is_some() { 1 } else { ROOT };
                let rest = hyphened.unwrap_or(rest);
                (rest.chars().count() >= least).then(|| rest.to_owned())
            });
            bare.extend(cut);
        }
    }
    bare
}

/// `anak-anak`, `buah-buahan`, `berlari-lari`, `tembak-menembak`.
fn doubled(left: &str, right: &str, forms: &mut Forms) {
    if left == right {
        forms.add(left, false);
        for root in roots(left) {
            forms.add(&root, true);
        }
        return;
    }
    let (of_left, of_right) = (roots(left), roots(right));
    if of_right.iter().any(|root| root == left) {
        forms.add(left, true);
    }
    for root in of_left {
        if root == right || of_right.contains(&root) {
            forms.add(&root, true);
        }
    }
}

/// What is left of a word without its affixes; the word may have none that fit.
fn roots(word: &str) -> Vec<String> {
    if WHOLE.contains(&word) || word.contains('-') {
        return Vec::new();
    }
    let mut roots = Vec::new();
    for (stem, prefix) in without_prefix(word) {
        let bare = SUFFIXES.iter().filter_map(|suffix| stem.strip_suffix(suffix).map(str::to_owned));
        let bare: Vec<String> = bare.collect();
        if prefix.is_some_and(|prefix| !SUFFIXED.contains(&prefix)) {
            roots.push(stem);
        }
        roots.extend(bare);
    }
    roots.retain(|root| root.chars().count() >= ROOT && root.contains(['a', 'e', 'i', 'o', 'u']));
    roots.dedup();
    roots
}

/// The word, and what a prefix leaves of it with the first sound of the root put back (`menyapu`: `sapu`), with the prefix that was taken
/// off.
fn without_prefix(word: &str) -> Vec<(String, Option<&'static str>)> {
    let mut stems = vec![(word.to_owned(), None)];
    for prefix in ["di", "ber", "be", "bel", "ter", "per", "memper", "diper", "member", "pember", "pel"] {
        if let Some(rest) = word.strip_prefix(prefix) {
            // be-, bel- and pel- are rare: bekerja, belajar, pelajar.
            let fits = match prefix {
                "be" => rest.starts_with('k'),
                "bel" | "pel" => rest.starts_with("ajar"),
                _ => true,
            };
            if fits {
                stems.push((rest.to_owned(), Some(prefix)));
            }
        }
    }
    let mut add = |stem: &str| stems.push((stem.to_owned(), Some("")));
    for nasal in ["me", "pe"] {
        let Some(rest) = word.strip_prefix(nasal) else { continue };
        if rest.starts_with(['l', 'm', 'n', 'r', 'w', 'y']) {
            add(rest);
        }
        if let Some(rest) = rest.strip_prefix("nge") {
            add(rest);
        }
        if let Some(rest) = rest.strip_prefix("ng") {
            add(rest);
            add(&format!("k{rest}"));
        } else if let Some(rest) = rest.strip_prefix("ny") {
            add(&format!("s{rest}"));
        } else if let Some(rest) = rest.strip_prefix('n') {
            add(rest);
            add(&format!("t{rest}"));
        } else if let Some(rest) = rest.strip_prefix('m') {
            add(rest);
            add(&format!("p{rest}"));
        } else if nasal == "pe" {
            // petani, pekerja, pesepak
            add(rest);
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(word: &str, base: &str) -> Option<bool> {
        of(word).into_iter().find(|form| form.base == base).map(|form| form.derived)
    }

    #[test]
    fn knows_what_a_word_is_a_form_of() {
        for (word, base) in [
            ("rumahnya", "rumah"),
            ("rumahnyalah", "rumah"),
            ("RUMAH-nya", "rumah"),
            ("rumah-rumah", "rumah"),
            ("rumah-rumahnya", "rumah"),
            ("AS-lah", "as"),
        ] {
            assert_eq!(derived(word, base), Some(false), "{word}");
        }
        for (word, base) in [
            ("menyapu", "sapu"),
            ("menyapukan", "sapu"),
            ("disapu", "sapu"),
            ("tersapu", "sapu"),
            ("penyapu", "sapu"),
            ("penyapuan", "sapu"),
            ("menulis", "tulis"),
            ("penulisnya", "tulis"),
            ("memukul", "pukul"),
            ("membantu", "bantu"),
            ("mengirimkan", "kirim"),
            ("pengiriman", "kirim"),
            ("mengambil", "ambil"),
            ("mengecat", "cat"),
            ("melaporkan", "lapor"),
            ("pelaporan", "lapor"),
            ("petani", "tani"),
            ("pekerja", "kerja"),
            ("bekerja", "kerja"),
            ("belajar", "ajar"),
            ("berkebun", "kebun"),
            ("memperbaiki", "baik"),
            ("diperbaiki", "baik"),
            ("pertanian", "tani"),
            ("buah-buahan", "buah"),
            ("berlari-lari", "lari"),
            ("tembak-menembak", "tembak"),
            ("makanan", "makan"),
            ("memberdayakan", "daya"),
            ("memberikan", "beri"),
        ] {
            assert_eq!(derived(word, base), Some(true), "{word}");
        }
        for (word, base) in [
            ("beruang", "uang"),
            ("merah", "rah"),
            ("diam", "am"),
            ("asnya", "as"),
            ("bukan-main", "bukan"),
            ("memberikan", "ikan"),
        ] {
            assert_eq!(derived(word, base), None, "{word}");
        }
    }
}
