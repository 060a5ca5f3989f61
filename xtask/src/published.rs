//! Scores that others published, to stand beside ours.

/// A published score.
pub struct Published {
    /// Whose.
    pub system: &'static str,
    /// Which figure, and its value.
    pub score: &'static str,
    /// What keeps it from being compared one to one.
    pub caution: &'static str,
}

const fn of(system: &'static str, score: &'static str, caution: &'static str) -> Published {
    Published { system, score, caution }
}

const FULL: &str = "on the full test set, of which ours is a part";

/// What was published, by the names that the sets have in the reports.
pub const SETS: &[(&str, &[Published])] = &[
    (
        "idner2k",
        &[
            of("TAMSA (undagie/tamsa-ner, 2026)", "micro F1 92.44", FULL),
            of("IndoBERT + BiLSTM (same)", "micro F1 91.11", FULL),
            of("XLM-R + BiLSTM (same)", "micro F1 89.58", FULL),
        ],
    ),
    (
        "nerui",
        &[
            of("IndoBERT (IndoLEM, Koto et al. 2020)", "micro F1 90.1", "mean of 5 folds"),
            of("mBERT (same)", "micro F1 82.2", "mean of 5 folds"),
        ],
    ),
    (
        "nergrit",
        &[
            of("NusaBERT large (2024)", "macro F1 79.86", "macro, not micro"),
            of("XLM-R base (IndoNLU, Wilie et al. 2020)", "macro F1 79.09", "macro, not micro"),
        ],
    ),
    (
        "flores200-devtest",
        &[
            of("Argos Translate, id to en", "BLEU 28.5, chrF2 58.1", ""),
            of("opus-mt-id-en", "BLEU 33.4, chrF2 61.2", ""),
            of("Firefox Translations, tiny (17 MB)", "BLEU 38.6, chrF2 65.6", ""),
            of(
                "NLLB-200 distilled 600M (External MT leaderboard)",
                "BLEU 40.5, chrF2 65.3",
                "its weights are non-commercial",
            ),
        ],
    ),
    (
        "id_gsd-test",
        &[
            of("Trankit 1.0 large", "F1 95.54", "UD 2.5"),
            of("Stanza 1.3", "F1 94.13", "UD 2.8"),
            of("UDPipe 2", "F1 93.04", "UD 2.15"),
        ],
    ),
    (
        "id_pud-test",
        &[
            of("SaT-3l-sm, SaT-12l-sm", "boundary F1 99.61", "UD 2.10"),
            of("spaCy sentencizer, Indonesian", "boundary F1 93.96", "UD 2.10"),
        ],
    ),
    (
        "indosum-test",
        &[
            of(
                "NeuralSum (Kurniawan and Louvan 2018)",
                "ROUGE-1/2/L 67.96/61.65/67.24",
                "mean of 5 test folds, digits as 0",
            ),
            of("Lead-3 (same)", "ROUGE-1/2/L 62.86/54.50/62.10", "mean of 5 test folds, digits as 0"),
        ],
    ),
];

/// What was published on the set of this name.
pub fn on(set: &str) -> &'static [Published] {
    SETS.iter().find(|(name, _)| *name == set).map_or(&[], |(_, scores)| scores)
}
