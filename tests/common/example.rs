//! `examples/articles/jembatan.txt` with everything that can be found in it: rules for what rules find, written out for
//! the rest. What models say would change with their weights; what a page shows of it does not.

use intisari::clean::RuleCleaner;
use intisari::document::{Label, Span};
use intisari::ner::{EntityRecognizer, Mention, Recognition, RuleRecognizer, SentencedText};
use intisari::pipeline::PipelineBuilder;
use intisari::sentence::RuleSplitter;
use intisari::summarize::{Draft, Summarizer, SummaryInput};
use intisari::translate::{Stop, Translated, Translator};
use intisari::{Article, Document, Pipeline, Progress, Result};

pub const ARTICLE: &str = include_str!("../../examples/articles/jembatan.txt");
pub const TITLE: &str = "Jembatan Gantung Rungan Mulai Dibangun, Pemilik Perahu Cemas";

const NAMES: [(&str, Label, f32); 14] = [
    ("Pemerintah Provinsi Kalimantan Tengah", Label::Org, 0.94),
    ("Kalimantan Tengah", Label::Loc, 0.98),
    ("Sungai Rungan", Label::Loc, 0.97),
    ("Desa Petuk Katimpun", Label::Loc, 0.96),
    ("Kota Palangka Raya", Label::Loc, 0.99),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", Label::Org, 0.98),
    ("PUPR", Label::Org, 0.91),
    ("Yulius Mambang", Label::Per, 0.99),
    ("Yulius", Label::Per, 0.98),
    ("PT Karya Rimba Persada", Label::Org, 0.97),
    ("Hj. Nurhayati binti Saleh", Label::Per, 0.93),
    ("Nurhayati", Label::Per, 0.88),
    ("Wahana Lingkungan Hidup Indonesia", Label::Org, 0.96),
    ("Walhi", Label::Org, 0.62),
];

const ENGLISH: [(&str, &str); 15] = [
    ("Pemerintah Provinsi", "The provincial government of Central Kalimantan began building a 240-meter suspension bridge over the Rungan River on Monday (14 July 2025)."),
    ("Jembatan itu akan", "The bridge will link the village of Petuk Katimpun with the center of Palangka Raya, which could so far be reached only by boat."),
    ("Kepala Dinas", "The head of the public works agency (PUPR) of Central Kalimantan, Yulius Mambang, said the project, worth Rp 38.5 billion, was due to be finished in 11 months."),
    ("\"Warga tidak", "\"People no longer have to wait for a boat to see a doctor or to sell what they grow,\" Yulius said at the site."),
    ("Menurut Yulius", "According to Yulius, around 1,900 families will benefit directly from the bridge."),
    ("Ia menambahkan", "He added that PT Karya Rimba Persada had been chosen as contractor after a tender in which seven companies took part."),
    ("Kekhawatiran", "Residents' worries"),
    ("Tidak semua", "Not all residents are happy about the project."),
    ("Ketua kelompok", "The head of the boat owners' group, Hj. Nurhayati binti Saleh, fears that her members will lose their work."),
    ("\"Kami tidak", "\"We do not reject the bridge."),
    ("Kami hanya", "We only ask to be trained for other work,\" Nurhayati said."),
    ("Wahana", "The environmental group Walhi also asked the government to publish its study of the impact on the environment."),
    ("Walhi menilai", "Walhi believes that the piers could disturb the places where fish spawn if they are built in the rainy season."),
    ("Yulius memastikan", "Yulius promised that the study would be published before 1 August 2025."),
    ("Pekerjaan di badan", "Work in the river itself, he said, will start only after the water has fallen in September."),
];

/// Rules, and the names of the article.
pub struct Known;

impl EntityRecognizer for Known {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        let mut found = RuleRecognizer.recognize(texts, progress)?;
        for (input, recognition) in texts.iter().zip(&mut found) {
            for (index, sentence) in input.sentences.iter().enumerate() {
                for (name, label, score) in NAMES {
                    for (at, _) in sentence.span.of(input.text).match_indices(name) {
                        let start = sentence.span.start() + at;
                        let span = Span::new(input.text, start, start + name.len()).unwrap();
                        let taken = |mention: &Mention| mention.span.overlaps(span);
                        if !recognition.mentions.iter().any(taken) {
                            recognition.mentions.push(Mention::new(span, label, score, index));
                        }
                    }
                }
            }
            recognition.mentions.sort_by_key(|mention| mention.span);
        }
        Ok(found)
    }
}

/// The English of the article; of other texts, the source in brackets.
pub struct Table;

impl Translator for Table {
    fn translate(&self, segments: &[&str], _: Progress<'_>) -> Result<Vec<Translated>> {
        let english = |segment: &&str| {
            let known = ENGLISH.iter().find(|(start, _)| segment.starts_with(start));
            let text = known.map_or_else(|| format!("[{segment}]"), |(_, english)| (*english).to_owned());
            Translated::new(text, Stop::End)
        };
        Ok(segments.iter().map(english).collect())
    }
}

/// Two from the beginning, one from the middle, as far as there are so many.
pub struct Chosen;

impl Summarizer for Chosen {
    fn summarize(&self, inputs: &[SummaryInput<'_>], _: Progress<'_>) -> Result<Vec<Draft>> {
        let chosen = |input: &SummaryInput<'_>| {
            Draft::Extract([0, 1, 2, 4].into_iter().filter(|&index| index < input.sentences.len()).collect())
        };
        Ok(inputs.iter().map(chosen).collect())
    }
}

/// The pipeline of the example.
pub fn stages() -> PipelineBuilder {
    Pipeline::builder()
        .cleaner(RuleCleaner::default())
        .splitter(RuleSplitter::default())
        .recognizer(Known)
        .translator(Table)
        .summarizer(Chosen)
}

/// The example, digested.
pub fn document() -> Document {
    let date = "2025-07-14".parse().unwrap();
    let article =
        Article::new("jembatan", ARTICLE).with_title(TITLE).with_date(date).with_source("contoh.id");
    stages().build().unwrap().run(&article).unwrap()
}

/// An article that would take the page over, if it could.
pub fn hostile() -> Article {
    let text = "<script>document.title='taken'</script> Budi \"><img src=x onerror=alert(1)> tiba di Bogor.\n\n\
                </p></div></article><style>*{display:none}</style> Rp 5 juta & '<b>' \u{202e}kilabret\0 hilang.\n\n\
                ${7*7} {{7*7}} javascript:alert(1) <!-- --> ]]> &lt;i&gt; &#0; akhir.";
    Article::new("\"><h1>id</h1>", text)
        .with_title("<script>alert('judul')</script>")
        .with_source("javascript:alert('sumber')")
}
