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

/// What was published on the set of this name.
pub fn on(set: &str) -> &'static [Published] {
    match set {
        "idner2k" => {
            const {
                &[
                    of("TAMSA (undagie/tamsa-ner, 2026)", "micro F1 92.44", FULL),
                    of("IndoBERT + BiLSTM (same)", "micro F1 91.11", FULL),
                    of("XLM-R + BiLSTM (same)", "micro F1 89.58", FULL),
                ]
            }
        }
        "nerui" => {
            const {
                &[
                    of("IndoBERT (IndoLEM, Koto et al. 2020)", "micro F1 90.1", "mean of 5 folds"),
                    of("mBERT (same)", "micro F1 82.2", "mean of 5 folds"),
                ]
            }
        }
        "nergrit" => {
            const {
                &[
                    of("NusaBERT large (2024)", "macro F1 79.86", "macro, not micro"),
                    of("XLM-R base (IndoNLU, Wilie et al. 2020)", "macro F1 79.09", "macro, not micro"),
                ]
            }
        }
        "flores200-devtest" => const { &[of("Firefox Translations, iden (17 MB)", "BLEU 39.5", "")] },
        "indosum" => {
            const {
                &[
                    of(
                        "NeuralSum (Kurniawan and Louvan 2018)",
                        "ROUGE-1/2/L 67.96/61.65/67.24",
                        "mean of 5 test folds, digits as 0",
                    ),
                    of("Lead-3 (same)", "ROUGE-1/2/L 62.86/54.50/62.10", "mean of 5 test folds, digits as 0"),
                ]
            }
        }
        _ => &[],
    }
}
