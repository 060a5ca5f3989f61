//! CoNLL: a word and its IOB2 tag a line, a blank line after each sentence.

use std::fmt::Write;
use std::ops::Range;

use crate::document::{Document, Entity};
use crate::ner::words;
use crate::part::Part;
use crate::reading::Reading;
use crate::text::one_line;

/// `document` as IOB2: `# id = …` and `# text = …` lines as in CoNLL-U, `word<TAB>tag`, a blank line after each
/// sentence. A word that an entity covers only in part belongs to it.
/// Words are those that the text [reads](crate::reading) as.
pub fn conll(document: &Document) -> String {
    let mut out = String::new();
    let reading = Reading::of(&document.article.text);
    for (index, sentence) in document.sentences.iter().enumerate() {
        let place = reading.place(sentence.span);
        let text = place.of(reading.text());
        // Writing to a string cannot fail.
        let _ = writeln!(out, "# id = {}-s{}", one_line(&document.article.id), index + 1);
        let _ = writeln!(out, "# text = {}", one_line(text));
        let entities: Vec<&Entity> =
            document.entities.iter().filter(|entity| entity.sentence == index).collect();
        let mut open = None;
        for word in words(text) {
            let here = entity_at(&entities, &reading, place.start() + word.start..place.start() + word.end);
            let tag = match here {
                Some((number, entity)) if open == Some(number) => format!("I-{}", entity.label),
                Some((_, entity)) => format!("B-{}", entity.label),
                None => "O".to_owned(),
            };
            open = here.map(|(number, _)| number);
            let _ = writeln!(out, "{}\t{tag}", text.part(word));
        }
        out.push('\n');
    }
    out
}

/// The entity that covers `word` of the reading.
fn entity_at<'a>(
    entities: &[&'a Entity],
    reading: &Reading<'_>,
    word: Range<usize>,
) -> Option<(usize, &'a Entity)> {
    let covers = |entity: &Entity| {
        let place = reading.place(entity.span);
        place.start().max(word.start) < place.end().min(word.end)
    };
    entities.iter().enumerate().find(|(_, entity)| covers(entity)).map(|(number, entity)| (number, *entity))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Article, Label, Sentence, SentenceKind, Span};

    #[test]
    fn neighbors_of_one_type_stay_apart() {
        let text = "Budi Santoso, Siti.";
        let mut document = Document::new(Article::new("a", text));
        let kind = SentenceKind::Text;
        document.sentences.push(Sentence { span: Span::whole(text), paragraph: 0, kind });
        for (start, end) in [(0, 12), (14, 18)] {
            let span = Span::new(text, start, end).unwrap();
            document.entities.push(Entity {
                span,
                label: Label::Per,
                score: 1.0,
                sentence: 0,
                cluster: None,
                value: None,
            });
        }
        let expected = "# id = a-s1\n# text = Budi Santoso, Siti.\n\
                        Budi\tB-PER\nSantoso\tI-PER\n,\tO\nSiti\tB-PER\n.\tO\n\n";
        assert_eq!(conll(&document), expected);
    }
}
