//! Metrics, readers of annotated sets, and evaluations of systems on them; no models.
//!
//! | to | see |
//! | --- | --- |
//! | score a system on a set of yours, in files of any usual form | [`sets`], which reads it with the outputs of one or two systems |
//! | score items that you have in memory, with intervals and tests | [`evaluation`] |
//! | write the page with figures, tables and worst cases | [`report`] |
//! | compute one metric | [`Bleu`], [`Chrf`], [`Ter`], [`Rouge`], [`SpanCounts`], [`ClusterCounts`] … below |
//! | use a metric of your own | [`TextMetric`] with [`evaluation::score_texts`] |
//! | read a file and nothing more | [`formats`] |
//!
//! Metrics are pure functions, and each prints a signature.
//!
//! Every metric comes in two steps. `counts` looks at one item and returns numbers that can be summed; `score` turns the
//! sum into the figure. The score of a set is that of the summed counts, and resampling a set needs no second
//! look at its texts. Each metric equals a published implementation, named in its module, on stored cases.
//!
//! There are two scales. What a metric gives by itself is as its reference implementation prints it: BLEU, chrF and TER from 0 to 100,
//! precision, recall and F1 ([`Prf`]: [`Hits::prf`], [`SpanCounts::average`], [`RougeScores`], …) from 0 to 1. In the
//! [`evaluation`] of a set all [`figures`](evaluation::Evaluation::figures), and the scores by length and of single items, lie from 0 to 100,
//! F1 too (those of a metric of your own from 0 to its [`scale`](TextMetric::scale)); the rows by entity type are shares from 0 to 1.
//!
//! ```
//! use intisari::eval::{Bleu, SpanCounts, Average, TagScheme};
//!
//! let bleu = Bleu::default();
//! let score = bleu.corpus([("The cat sat on the mat.", ["The cat sat on a mat."])]);
//! assert_eq!(format!("{:.2}", score.score), "48.89");
//! assert!(bleu.signature(1).starts_with("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp"));
//!
//! let gold = ["B-PER", "I-PER", "O", "B-LOC"];
//! let predicted = ["B-PER", "I-PER", "O", "B-ORG"];
//! let counts = SpanCounts::from_tags(&gold, &predicted, TagScheme::Iob2)?;
//! assert_eq!(counts.average(Average::Micro).f1, 0.5);
//! # Ok::<(), intisari::Error>(())
//! ```

mod b_cubed;
mod bleu;
mod chrf;
mod clusters;
pub mod evaluation;
pub mod formats;
mod labels;
mod metric;
mod mteval;
mod ngram;
mod overlap;
mod parallel;
mod prf;
mod removal;
pub mod report;
mod resampling;
mod rouge;
pub mod sentences;
pub mod sets;
mod span_f1;
mod tags;
mod ter;
mod text;

pub use b_cubed::{b_cubed_signature, BCubedCounts};
pub use bleu::{Bleu, BleuCounts, BleuScore, Smoothing, Tokenizer};
pub use chrf::{Chrf, ChrfCounts, WordOrder};
pub use clusters::{cluster_signature, ClusterCounts};
pub use labels::usual_label;
pub use metric::TextMetric;
pub use overlap::{overlap_signature, Matching, Outcomes};
pub use prf::{Hits, Prf};
pub use removal::{removal_hits, removal_signature};
pub use resampling::{Comparison, Draws, Interval, PairedTest, Resampling};
pub(crate) use rouge::porter::stem;
pub use rouge::{Rouge, RougeCounts, RougeF1, RougeKind, RougeScores};
pub use span_f1::{span_signature, Average, LabeledSpan, SpanCounts};
pub use tags::{Detected, TagScheme};
pub use ter::{Ter, TerCounts};

/// What every signature ends with.
const VERSION: &str = concat!("version:intisari-", env!("CARGO_PKG_VERSION"));
