//! Chooses the sentences of a summary, or writes one.

mod centrality;
mod lead;
mod pick;
mod quoted;
mod salience;
#[cfg(feature = "torch")]
mod seq2seq;

pub use centrality::Centrality;
pub use lead::Lead;
pub use pick::Budget;
pub use salience::Salience;
#[cfg(feature = "torch")]
pub use seq2seq::Seq2SeqSummarizer;

use crate::document::{Flag, ModelRef, Segment, Sentence};
use crate::error::Result;
use crate::pointers::through_pointers;
use crate::progress::{Progress, Stage};
use crate::text::type_name;

/// What a summarizer may look at.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct SummaryInput<'a> {
    /// The article's text as it reads: its own, unless that has tags, codes or broken lines ([`reading`](crate::reading)).
    pub text: &'a str,
    /// The headline, where known.
    pub title: Option<&'a str>,
    /// Its sentences.
    pub sentences: &'a [Sentence],
    /// One score per sentence, where the recognizer gave them.
    pub salience: Option<&'a [f32]>,
    /// The English, where it was made already ([`Summarizer::needs_translation`], [`Summarizer::weighs_translation`]).
    pub translation: &'a [Segment],
}

impl<'a> SummaryInput<'a> {
    /// A text and its sentences, and nothing more.
    pub fn new(text: &'a str, sentences: &'a [Sentence]) -> Self {
        SummaryInput { text, title: None, sentences, salience: None, translation: &[] }
    }

    /// With the headline, where known.
    pub fn with_title(mut self, title: Option<&'a str>) -> Self {
        self.title = title;
        self
    }

    /// With one score per sentence, where known.
    pub fn with_salience(mut self, salience: Option<&'a [f32]>) -> Self {
        self.salience = salience;
        self
    }

    /// With the English.
    pub fn with_translation(mut self, translation: &'a [Segment]) -> Self {
        self.translation = translation;
        self
    }
}

/// A summary before it is put into English: chosen sentences are, where there is a translator; a text that was written stays as it is.
///
/// Sentences of the article, or a text of its own: there is no third, so that whoever reads a draft can handle both. Forms and fields are
/// final.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// Indices of the chosen sentences, ascending.
    Extract(Vec<usize>),
    /// A text written by a model, in whatever language it says. The pipeline does not translate it. It adds
    /// [`NumberAdded`](crate::document::FlagKind::NumberAdded) and [`NameAdded`](crate::document::FlagKind::NameAdded) where a text in English
    /// or Indonesian tells what the article does not; other languages are not looked at.
    Abstract {
        /// The summary, on one line; where nothing could be written, an empty [`Draft::Extract`] says so.
        text: String,
        /// Its language, as in [`Summary::language`](crate::document::Summary::language): `en`, `id`.
        language: String,
        /// Indices of the sentences that it was written from, ascending.
        sentences: Vec<usize>,
        /// What is doubtful about how it was written.
        flags: Vec<Flag>,
    },
}

/// Makes summaries.
///
/// Rules: sentences are there and ascend; a written summary stands on one line, without white space at its ends, and is not blank; its
/// language is a code of two letters; its flags have no span. A pipeline refuses what breaks them ([`Error::Contract`](crate::Error::Contract)).
///
/// A stage has to [report](Progress::report) how far it is, after each piece of its work, and to return the error that it gets where
/// somebody asks to stop. One that is silent cannot be stopped, and
/// [`max_article_seconds`](crate::pipeline::Options::max_article_seconds) does not reach into it: it runs to its end, and the
/// article fails afterwards. What it reports in a pipeline counts as progress of this stage, whichever it names, and never as more than
/// all of it.
///
/// Errors need not name articles; the pipeline does. A panic is not caught: it goes on to whoever runs the pipeline, and ends a
/// [`Worker`](crate::pipeline::Worker).
///
/// The first sentence of each paragraph:
///
/// ```
/// use intisari::sentence::RuleSplitter;
/// use intisari::summarize::{Draft, Summarizer, SummaryInput};
/// use intisari::{Article, Pipeline, Progress, Result, Stage};
///
/// struct Openings;
///
/// impl Summarizer for Openings {
///     fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>> {
///         let mut drafts = Vec::with_capacity(inputs.len());
///         for input in inputs {
///             let paragraph = |at: usize| input.sentences[at].paragraph;
///             let opens = |at: &usize| *at == 0 || paragraph(at - 1) < paragraph(*at);
///             drafts.push(Draft::Extract((0..input.sentences.len()).filter(opens).collect()));
///             progress.report(Stage::Summarize, drafts.len(), inputs.len())?;
///         }
///         Ok(drafts)
///     }
/// }
///
/// let pipeline = Pipeline::builder().splitter(RuleSplitter::default()).summarizer(Openings).build()?;
/// let text = "Hujan turun di Ende. Jalan licin.\n\nWarga mengungsi ke masjid. Mereka aman.";
/// let summary = pipeline.run(&Article::new("a1", text))?.summary.unwrap();
/// assert_eq!(summary.text, "Hujan turun di Ende. Warga mengungsi ke masjid.");
/// # Ok::<(), intisari::Error>(())
/// ```
pub trait Summarizer {
    /// Whether [`SummaryInput::translation`] must be there. Default: no.
    fn needs_translation(&self) -> bool {
        false
    }

    /// Whether it makes use of [`SummaryInput::translation`] where there is one. Then a pipeline that translates whole articles
    /// does so first. Default: where it needs one.
    fn weighs_translation(&self) -> bool {
        self.needs_translation()
    }

    /// Returns one [`Draft`] per input, in order.
    ///
    /// # Errors
    /// [`Error::stage`](crate::Error::stage), or [`Error::stage_from`](crate::Error::stage_from) with an error of your own, where it cannot do
    /// its work; what [`Progress::report`] says where the callback asks to stop. After an error that is no cancel a pipeline digests the articles of
    /// the batch one by one, so that a remote service is asked again for each; a batch of one
    /// is not repeated.
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>>;

    /// What does the work, for provenance and errors, never blank; by default the name of the type.
    fn name(&self) -> String {
        type_name::<Self>()
    }

    /// The model that does the work, where there is one; [`ModelRef::new`] says what may stand in it. Default: none.
    fn model(&self) -> Option<ModelRef> {
        None
    }

    /// The settings that its results depend on besides the model, as JSON; null where there are none.
    /// A summarizer around another one says those of that one too, and its [`model`](Self::model): nobody else records them.
    fn options(&self) -> serde_json::Value {
        serde_json::Value::Null
    }
}

through_pointers!(Summarizer {
    fn needs_translation(&self) -> bool;
    fn weighs_translation(&self) -> bool;
    fn summarize(&self, inputs: &[SummaryInput<'_>], progress: Progress<'_>) -> Result<Vec<Draft>>;
    fn name(&self) -> String;
    fn model(&self) -> Option<ModelRef>;
    fn options(&self) -> serde_json::Value;
});

/// One extract per input, with progress.
fn each(
    inputs: &[SummaryInput<'_>],
    progress: Progress<'_>,
    choose: impl Fn(&SummaryInput<'_>) -> Vec<usize>,
) -> Result<Vec<Draft>> {
    let mut drafts = Vec::with_capacity(inputs.len());
    for input in inputs {
        drafts.push(Draft::Extract(choose(input)));
        progress.report(Stage::Summarize, drafts.len(), inputs.len())?;
    }
    Ok(drafts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{SentenceKind, Span};

    const SENTENCES: [&str; 6] = [
        "Gempa mengguncang Palu pada Senin pagi dan merusak ratusan rumah warga.",
        "Kondisi terkini",
        "Warga Palu mengungsi ke lapangan setelah gempa merusak rumah mereka.",
        "Cuaca hari itu cerah dan angin bertiup pelan dari arah laut.",
        "Gempa mengguncang Palu pada Senin pagi dan merusak ratusan rumah.",
        "Pemerintah mengirim bantuan bagi warga Palu yang mengungsi akibat gempa.",
    ];

    /// The text of [`SENTENCES`], and where they stand in it.
    fn article() -> (String, Vec<Sentence>) {
        let text = SENTENCES.join(" ");
        let mut start = 0;
        let sentence = |sentence: &&str| {
            let span = Span::new(&text, start, start + sentence.len()).unwrap();
            start += sentence.len() + 1;
            let kind = if sentence.ends_with('.') { SentenceKind::Text } else { SentenceKind::Heading };
            Sentence { span, paragraph: 0, kind }
        };
        let sentences = SENTENCES.iter().map(sentence).collect();
        (text, sentences)
    }

    fn drafts(summarizer: &dyn Summarizer, salience: Option<&[f32]>) -> Vec<usize> {
        let (text, sentences) = article();
        let input =
            SummaryInput { text: &text, title: None, sentences: &sentences, salience, translation: &[] };
        match summarizer.summarize(&[input], Progress::none()).unwrap().remove(0) {
            Draft::Extract(chosen) => chosen,
            other => panic!("{other:?}"),
        }
    }

    fn budget(max_sentences: usize) -> Budget {
        Budget { max_sentences, ..Budget::default() }
    }

    #[test]
    fn lead_takes_the_first_sentences_but_no_heading() {
        assert_eq!(drafts(&Lead { budget: budget(2) }, None), [0, 2]);
    }

    #[test]
    fn no_sentence_is_told_twice() {
        let salience = [0.9, 0.9, 0.1, 0.2, 0.8, 0.3];
        assert_eq!(drafts(&Salience { budget: budget(2) }, Some(&salience)), [0, 5]);
    }

    #[test]
    fn of_sentences_that_are_nearly_as_salient_the_trustworthy_is_told() {
        let (text, sentences) = article();
        let doubtful = |sentence| {
            let mut segment = Segment::new(sentence, "English.");
            segment.flags.push(Flag::new(crate::document::FlagKind::Doubtful, "0.31"));
            segment
        };
        let translation = [doubtful(0), Segment::new(2, "English."), doubtful(3)];
        for (salience, expected) in [
            // Sentence 2 is nearly as salient as sentence 0.
            ([0.9, 0.0, 0.85, 0.1, 0.0, 0.0], 2),
            // It is not.
            ([0.9, 0.0, 0.7, 0.1, 0.0, 0.0], 0),
            // Both are doubtful.
            ([0.9, 0.0, 0.0, 0.88, 0.0, 0.0], 0),
        ] {
            let input = SummaryInput::new(&text, &sentences)
                .with_salience(Some(&salience))
                .with_translation(&translation);
            let summarizer = Salience { budget: budget(1) };
            let drafts = summarizer.summarize(&[input], Progress::none()).unwrap();
            assert_eq!(drafts, [Draft::Extract(vec![expected])], "{salience:?}");
        }
    }

    #[test]
    fn without_scores_the_first_sentences_are_told() {
        let salience = Salience { budget: budget(2) };
        assert_eq!(drafts(&salience, None), drafts(&Lead { budget: budget(2) }, None));
    }

    #[test]
    fn centrality_prefers_what_the_article_is_about() {
        let chosen = drafts(&Centrality { budget: budget(3) }, None);
        assert_eq!(chosen, [0, 2, 5], "the weather shares nothing with the rest");
    }

    #[test]
    fn the_word_budget_holds() {
        let tight = Budget { max_words: 22, ..Budget::default() };
        assert_eq!(drafts(&Lead { budget: tight }, None).len(), 2);
        let tiny = Budget { max_words: 1, ..Budget::default() };
        assert_eq!(drafts(&Lead { budget: tiny }, None), [0], "one sentence is always taken");
    }

    #[test]
    fn a_part_of_a_quotation_is_not_told_alone() {
        let text = "\"Hujan turun sejak pagi di kota ini. Jalan kota sudah tergenang air,\" kata Budi.";
        let spans = [(0, 36), (37, text.len())].map(|(start, end)| Span::new(text, start, end).unwrap());
        let sentences = spans.map(|span| Sentence { span, paragraph: 0, kind: SentenceKind::Text });
        let longer = format!("{text} Warga kota Bogor membersihkan selokan bersama tentara.");
        let last = Span::new(&longer, text.len() + 1, longer.len()).unwrap();
        let with_last = [sentences[0], sentences[1], Sentence { span: last, ..sentences[0] }];
        for (text, sentences, chosen) in
            [(text, &sentences[..], vec![0, 1]), (&longer, &with_last[..], vec![2])]
        {
            let input = SummaryInput { text, title: None, sentences, salience: None, translation: &[] };
            let drafts = Lead::default().summarize(&[input], Progress::none()).unwrap();
            assert_eq!(drafts, [Draft::Extract(chosen)], "{text}");
        }
    }

    /// What [`Lead`] takes of paragraphs of sentences.
    fn lead(paragraphs: &[&[&str]]) -> Vec<usize> {
        let text = paragraphs.concat().join(" ");
        let mut start = 0;
        let mut sentences = Vec::new();
        for (paragraph, written) in paragraphs.iter().enumerate() {
            for sentence in *written {
                let span = Span::new(&text, start, start + sentence.len()).unwrap();
                sentences.push(Sentence { span, paragraph, kind: SentenceKind::Text });
                start += sentence.len() + 1;
            }
        }
        let input = SummaryInput::new(&text, &sentences);
        match Lead::default().summarize(&[input], Progress::none()).unwrap().remove(0) {
            Draft::Extract(chosen) => chosen,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_somebody_says_is_not_told_as_a_fact() {
        const RAIN: &str = "Hujan turun di kota itu sejak pagi.";
        const FIRE: &str = "Pabrik itu sengaja membakar gudangnya sendiri.";
        const OPENS: &str = "\"Api datang dari gudang sebelah rumah.";
        const CLOSES: &str = "Kami minta keadilan dari mereka,\" kata Siti.";
        let opens = OPENS.replace('"', "“");
        let closes = CLOSES.replace('"', "”");
        for (paragraphs, expected) in [
            (&[&[OPENS, FIRE, CLOSES, RAIN][..]][..], vec![3]),
            (&[&[&opens, FIRE, &closes, RAIN]], vec![3]),
            // The quotation runs over paragraphs, which do or do not open it again.
            (&[&[OPENS, FIRE], &[FIRE, CLOSES], &[RAIN]], vec![4]),
            (&[&[OPENS], &[FIRE], &[CLOSES], &[RAIN]], vec![3]),
            (&[&[OPENS, FIRE], &[OPENS, CLOSES], &[RAIN]], vec![4]),
            // A mark that was lost, or that stands for inches, turns its paragraph at most.
            (&[&[OPENS], &[FIRE], &["\"Kami menunggu bantuan dari kota,\" kata Siti."]], vec![1, 2]),
            (&[&["Layar 14\" dijual murah di toko itu."], &[FIRE], &[RAIN]], vec![1, 2]),
            (&[&[RAIN, FIRE, "Jalan kota tergenang air hujan,\" kata Siti."]], vec![0, 1]),
            // A quotation within one sentence, with its speaker, may be told.
            (&[&[RAIN, "\"Pabrik itu membakar gudangnya,\" kata Siti di sana.", FIRE]], vec![0, 1, 2]),
        ] {
            assert_eq!(lead(paragraphs), expected, "{paragraphs:?}");
        }
    }

    #[test]
    fn who_speaks_of_himself_without_marks_is_told_last() {
        let sentence = |word: &str| format!("Hujan membuat {word} menunggu di {word}{word} lama.");
        let spoken = sentence("kami");
        let others: Vec<String> = ["Bogor", "Depok", "Bekasi", "Serang"].map(sentence).into();
        let [a, b, c, d] = others.as_slice() else { panic!("four") };
        assert_eq!(lead(&[&[&spoken, a, b, c, d]]), [1, 2, 3, 4]);
        assert_eq!(lead(&[&[&spoken, a]]), [0, 1]);
        let marked = "\"Hujan membuat kami menunggu,\" kata Siti di halte.";
        assert_eq!(lead(&[&[marked, a, b, c, d]]), [0, 1, 2, 3]);
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let input = SummaryInput { text: "", title: None, sentences: &[], salience: None, translation: &[] };
        for summarizer in [&Lead::default() as &dyn Summarizer, &Centrality::default(), &Salience::default()]
        {
            let drafts = summarizer.summarize(&[input], Progress::none()).unwrap();
            assert_eq!(drafts, [Draft::Extract(vec![])]);
        }
    }
}
