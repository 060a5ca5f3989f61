//! Two negations of which the English has one: `tidak semua warga tidak puas` is not `not all residents are satisfied`.

use super::crucial;
use super::english::English;
use super::source::{Source, SourceWord};

const NEGATORS: [&str; 9] = ["tidak", "tak", "bukan", "belum", "tanpa", "nggak", "enggak", "gak", "ndak"];

/// With a negation these deny nothing, or little that English says with one: `tidak hanya`, `tak sedikit`, `belum lama`.
const IDIOMS: [&str; 22] = [
    "hanya", "cuma", "sekadar", "saja", "sekedar", "lain", "sedikit", "jarang", "kurang", "lebih", "terduga",
    "heran", "pelak", "ayal", "urung", "lama", "jauh", "kalah", "henti", "apa-apa", "kunjung", "mau",
];

/// With these a clause or a part of one begins, whose negation English may say together with the one before: neither … nor.
const PARTING: [&str; 22] = [
    "dan",
    "atau",
    "maupun",
    "serta",
    "ataupun",
    "juga",
    "tetapi",
    "tapi",
    "namun",
    "melainkan",
    "yang",
    "karena",
    "jika",
    "kalau",
    "bila",
    "saat",
    "ketika",
    "untuk",
    "agar",
    "supaya",
    "sehingga",
    "kecuali",
];

/// Words that may stand between two negations of one clause.
const BETWEEN: usize = 3;

/// Words that deny, besides those that stand for `tidak`; stems are not asked, since `no` begins many.
const DENY: [&str; 6] = ["not", "no", "never", "cannot", "neither", "nor"];

/// The first of two negations of one clause, as written, where the source has these two and the English has one. English that has none is
/// told by `crucial`, or says both at once: `tidak mungkin tidak` is must.
pub(super) fn dropped<'s>(source: &Source<'s>, english: &English<'_>) -> Vec<&'s str> {
    let words = &source.words;
    let next_to = |at: usize| words.get(at + 1).map_or("", |word| word.lower.as_str());
    let negators: Vec<usize> = words
        .iter()
        .enumerate()
        .filter(|(at, word)| NEGATORS.contains(&word.lower.as_str()) && !IDIOMS.contains(&next_to(*at)))
        .map(|(at, _)| at)
        .collect();
    let &[one, two] = negators.as_slice() else { return Vec::new() };
    let (Some(first), Some(between)) = (words.get(one), words.get(one + 1..two)) else { return Vec::new() };
    let parted = |word: &SourceWord<'_>| PARTING.contains(&word.lower.as_str());
    let clause = words.get(one..=two).is_some_and(|words| source.between(words).is_some());
    if between.is_empty() || between.len() > BETWEEN || between.iter().any(parted) || !clause {
        return Vec::new();
    }
    // `tidak bisa tidak` is must, or cannot but.
    if matches!(between, [modal] if ["bisa", "dapat", "boleh"].contains(&modal.lower.as_str())) {
        return Vec::new();
    }
    // `benar atau tidak masih belum jelas`, `benar, bukan?`; `yang tidak hadir tidak dibantu` has two clauses.
    let before = one.checked_sub(1).and_then(|at| words.get(at)).map_or("", |word| word.lower.as_str());
    let tag = words.get(two + 1).is_none() || matches!(before, "atau" | "yang");
    let denied = english.words.iter().filter(|word| {
        DENY.contains(&word.lower.as_str()) || word.lower.ends_with("n't") || crucial::denies(word)
    });
    if !tag && denied.count() == 1 {
        return vec![first.written];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_two_negations_must_not_get_lost() {
        for (source, english, lost) in [
            ("Tidak semua warga tidak puas.", "Not all residents are satisfied.", true),
            ("Tidak semua warga tidak puas.", "Not all residents are dissatisfied.", false),
            ("Tidak semua warga tidak puas.", "Not all residents weren't satisfied.", false),
            ("Ia belum tentu tidak bersalah.", "He is not necessarily guilty.", true),
            ("Benar atau tidak masih belum jelas.", "Whether it is true is not clear.", false),
            ("Ia belum tentu tidak bersalah.", "He is not necessarily innocent.", false),
            ("Ia tidak mungkin tidak tahu.", "He could not have known.", true),
            ("Ia tidak mungkin tidak tahu.", "He must have known.", false),
            (
                "Polisi belum bisa memastikan tidak adanya korban.",
                "Police could not confirm that there were victims.",
                true,
            ),
            (
                "Polisi belum bisa memastikan tidak adanya korban.",
                "Police could not confirm the absence of victims.",
                false,
            ),
            ("Ia tidak makan dan tidak minum.", "He did not eat or drink.", false),
            ("Ia tidak makan, tidak minum.", "He did not eat or drink.", false),
            ("Warga yang tidak hadir tidak dibantu.", "Those who stayed away were not helped.", false),
            ("Tidak hanya warga tidak puas.", "Residents are not the only ones dissatisfied.", false),
            ("Tidak hanya warga yang tidak puas.", "It is not only residents.", false),
            ("Tak sedikit warga tidak puas.", "Many residents are not satisfied.", false),
            ("Ia tidak tahu benar atau tidak.", "He does not know whether it is true.", false),
            ("Ia tidak bisa tidak hadir.", "He cannot but attend.", false),
            ("Warga tidak puas.", "Residents are not satisfied.", false),
        ] {
            let found = dropped(&Source::new(source, &[]), &English::new(english));
            assert_eq!(!found.is_empty(), lost, "{source} / {english}");
        }
    }
}
