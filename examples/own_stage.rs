//! A stage and a rule of one's own: names from a list, beside the dates and sums that the crate finds, and a line that only one
//! publisher has. It needs no models.
//!
//!     cargo run --no-default-features --features cli --example own_stage

#![allow(clippy::print_stdout)]

use intisari::clean::{RuleCleaner, Scope};
use intisari::document::Label;
use intisari::ner::{EntityRecognizer, Mention, Recognition, RuleRecognizer, SentencedText};
use intisari::sentence::RuleSplitter;
use intisari::{serde_json, Article, Error, Pipeline, Progress, Result, Stage};

/// Finds the names of a list wherever they are written like that.
struct Listed {
    names: Vec<(&'static str, Label)>,
}

impl EntityRecognizer for Listed {
    fn recognize(&self, texts: &[SentencedText<'_>], progress: Progress<'_>) -> Result<Vec<Recognition>> {
        if self.names.is_empty() {
            // What went wrong, and what to do; the pipeline adds the name of the stage and the article. `Error::stage_from` hands on
            // an error of your own.
            return Err(Error::stage("the list has no names; give some"));
        }
        // A pipeline has one recognizer, so this one puts names and the crate's dates and sums together.
        let rules = RuleRecognizer.recognize(texts, progress)?;
        let mut found = Vec::with_capacity(texts.len());
        for (text, rules) in texts.iter().zip(rules) {
            found.push(Recognition::new(self.mentions(text)?).merged_with(rules, text.text)?);
            // Tells the caller how far it is, and stops where the caller asks to.
            progress.report(Stage::Entities, found.len(), texts.len())?;
        }
        Ok(found)
    }

    // Both are written into every document, so that it can be made again.
    fn name(&self) -> String {
        "names of a list".to_owned()
    }

    fn options(&self) -> serde_json::Value {
        self.names.iter().map(|(name, _)| *name).collect()
    }
}

impl Listed {
    fn mentions(&self, text: &SentencedText<'_>) -> Result<Vec<Mention>> {
        let mut mentions = Vec::new();
        for (number, sentence) in text.sentences.iter().enumerate() {
            for &(name, label) in &self.names {
                for (at, name) in sentence.span.of(text.text).match_indices(name) {
                    // Offsets count from the start of the sentence; the span is one of the article.
                    let span = sentence.span.inner(text.text, at, at + name.len())?;
                    mentions.push(Mention::new(span, label, 1.0, number));
                }
            }
        }
        // The longer of two that overlap goes first: it stays where mentions are put together.
        mentions.sort_by_key(|mention| (mention.span.start(), std::cmp::Reverse(mention.span.end())));
        Ok(mentions)
    }
}

fn main() -> Result<()> {
    let names = vec![("Yulius Mambang", Label::Per), ("Mambang", Label::Per), ("Palangka Raya", Label::Loc)];
    let pipeline = Pipeline::builder()
        .cleaner(RuleCleaner::default().with(Scope::Line, "poll", "a poll", r"Jajak pendapat: .+")?)
        .splitter(RuleSplitter::default())
        .recognizer(Listed { names })
        .build()?;
    let text = "Yulius Mambang tiba di Palangka Raya pada 3 Mei 2025.\nJajak pendapat: setuju?\nWarga menyambut Mambang.";
    let document = pipeline.run(&Article::new("a1", text))?;
    for cluster in &document.clusters {
        println!("{} ×{} {:?}", cluster.name, cluster.mentions.len(), cluster.aliases);
    }
    let found: Vec<_> = document.entities.iter().map(|entity| document.text(entity.span)).collect();
    println!("{found:?}\n{}\n{}", document.cleaned_text(), serde_json::json!(document.provenance.stages));
    Ok(())
}
