//! From a passage to what a model reads, and from what it wrote to the passage's English. Knows no model.
//!
//! A passage is mended ([`tidied`]), what stays to the letter is taken out of it ([`verbatim`]), capitals are read as
//! sentences are written ([`casing`]), and what is left goes to the model one sentence at a time ([`pieces`]).

use super::casing::{self, Style};
use super::mask::{mask, Cut, Masked};
use super::pieces;
use crate::document::{Flag, FlagKind};
use crate::error::Result;
use crate::part::Part as _;
use crate::text::one_line;
use crate::translate::tidy::tidied;
use crate::translate::verbatim::{self, Kind, Piece};
use crate::translate::{check, wordless, Glossary, Likelihood, Passage, Stop, Translated};

/// A text for the model, the article that it stands in, and the terms that it must use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub text: &'a str,
    pub article: &'a str,
    pub glossary: Option<&'a Glossary>,
}

/// Translates passages: `cut` parts a sentence that is too long, `write` gives for each job what the model found, the best
/// first. Where the model loses a piece in all that it found for a part, the part is written again, cut around its pieces.
pub(crate) fn translate(
    passages: &[Passage<'_>],
    cut: impl Fn(&str) -> Result<Vec<String>>,
    mut write: impl FnMut(&[Job<'_>]) -> Result<Vec<Vec<Translated>>>,
) -> Result<Vec<Translated>> {
    let mut known = casing::Articles::default();
    let mut readings: Vec<Reading<'_>> = Vec::with_capacity(passages.len());
    for passage in passages {
        readings.push(Reading::new(passage, &mut known, &cut)?);
    }

    let first: Vec<Job<'_>> = readings.iter().flat_map(Reading::jobs).collect();
    let mut found = write(&first)?.into_iter();
    drop(first);
    for reading in &mut readings {
        let glossary = reading.glossary;
        for part in reading.parts_mut() {
            part.choose(glossary, found.next().unwrap_or_default(), &cut)?;
        }
    }

    let again: Vec<Job<'_>> = readings.iter().flat_map(Reading::jobs_again).collect();
    if !again.is_empty() {
        let mut found = write(&again)?.into_iter();
        drop(again);
        for reading in &mut readings {
            let glossary = reading.glossary;
            for part in reading.parts_mut() {
                part.fill(&mut found, glossary);
            }
        }
    }
    Ok(readings.into_iter().map(Reading::into_english).collect())
}

/// A passage, taken apart.
#[derive(Debug)]
struct Reading<'a> {
    article: &'a str,
    glossary: Option<&'a Glossary>,
    style: Style,
    /// Words that were guessed to be names.
    guessed: Vec<String>,
    items: Vec<Item>,
}

/// What a passage consists of, in order; blanks between them belong to what is kept.
#[derive(Debug)]
enum Item {
    Kept(String),
    Read(Vec<Part>),
}

/// What the model reads at once.
#[derive(Debug)]
struct Part {
    masked: Masked,
    english: English,
}

/// What the model made of a part.
#[derive(Debug)]
enum English {
    Waiting,
    Whole(Translated),
    /// The model lost a piece: what is kept, and what is read again, with its English.
    Around(Vec<Around>),
}

#[derive(Debug)]
enum Around {
    Kept(String),
    Read(String, Option<Translated>),
}

impl<'a> Reading<'a> {
    fn new(
        passage: &Passage<'a>,
        known: &mut casing::Articles<'a>,
        cut: &impl Fn(&str) -> Result<Vec<String>>,
    ) -> Result<Self> {
        let text = tidied(passage.text);
        let mut reading = Reading {
            article: passage.article,
            glossary: passage.glossary,
            style: Style::Mixed,
            guessed: Vec::new(),
            items: Vec::new(),
        };
        if let Some(same) = wordless(&text) {
            reading.items.push(Item::Kept(same.text));
            return Ok(reading);
        }
        let pieces = joined(&text, verbatim::find(&text));
        reading.style = casing::style(&mask(&text, &pieces));
        for chunk in chunks(&text, &pieces) {
            match chunk {
                Chunk::Kept(kept) => reading.items.push(Item::Kept(kept.to_owned())),
                Chunk::Read(text, pieces) => {
                    let mut masked = mask(text, &pieces);
                    if reading.style != Style::Mixed {
                        let words = known.of(passage.article);
                        let (text, guessed) =
                            casing::sentence_case(&masked, reading.style, words, passage.glossary);
                        masked.text = text;
                        reading.guessed.extend(guessed);
                    }
                    let mut parts = Vec::new();
                    for sentence in pieces::sentences(&masked.text) {
                        for part in cut(sentence)? {
                            parts.push(Part { masked: masked.part(&part), english: English::Waiting });
                        }
                    }
                    reading.items.push(Item::Read(parts));
                }
            }
        }
        Ok(reading)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.items.iter().flat_map(|item| match item {
            Item::Read(parts) => parts.as_slice(),
            Item::Kept(_) => &[],
        })
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Part> {
        self.items.iter_mut().flat_map(|item| match item {
            Item::Read(parts) => parts.as_mut_slice(),
            Item::Kept(_) => &mut [],
        })
    }

    fn jobs(&self) -> impl Iterator<Item = Job<'_>> {
        self.parts().map(|part| Job {
            text: &part.masked.text,
            article: self.article,
            glossary: self.glossary,
        })
    }

    fn jobs_again(&self) -> impl Iterator<Item = Job<'_>> {
        let around = self.parts().flat_map(|part| match &part.english {
            English::Around(around) => around.as_slice(),
            _ => &[],
        });
        around.filter_map(|around| match around {
            Around::Read(text, _) => Some(Job { text, article: self.article, glossary: self.glossary }),
            Around::Kept(_) => None,
        })
    }

    fn into_english(self) -> Translated {
        let mut english = Translated::new("", Stop::End);
        let capitals = self.style == Style::Capitals;
        let mut likely: Vec<Likelihood> = Vec::new();
        for item in self.items {
            match item {
                Item::Kept(kept) => english.text.push_str(&kept),
                Item::Read(parts) => {
                    let sources: Vec<&str> = parts.iter().map(|part| part.masked.text.as_str()).collect();
                    let mut written = Vec::with_capacity(parts.len());
                    for part in &parts {
                        let (text, stop, flag) = part.written(capitals);
                        likely.extend(part.likelihood());
                        english.stop = english.stop.max(stop);
                        english.flags.extend(flag);
                        written.push(text);
                    }
                    english.text.push_str(&pieces::join(&sources, &written));
                }
            }
        }
        english.text = one_line(&english.text);
        english.likelihood = likely.into_iter().reduce(Likelihood::and);
        if !self.guessed.is_empty() {
            let mut guessed = self.guessed;
            guessed.dedup();
            guessed.truncate(MOST_NAMED);
            english.flags.push(Flag::new(FlagKind::GuessedCase, guessed.join(", ")));
        }
        english
    }
}

/// Words that a flag names at most.
const MOST_NAMED: usize = 8;

impl Part {
    /// Takes the best of what the model found; where all of it has lost a piece, the part will be written again around its
    /// pieces.
    fn choose(
        &mut self,
        glossary: Option<&Glossary>,
        found: Vec<Translated>,
        cut: &impl Fn(&str) -> Result<Vec<String>>,
    ) -> Result<()> {
        let best = best(&self.masked, glossary, found);
        if self.masked.lost(&best.text) == 0 {
            self.english = English::Whole(best);
            return Ok(());
        }
        let mut around = Vec::new();
        for part in self.masked.around() {
            match part {
                Cut::Kept(piece) => around.push(Around::Kept(piece.to_owned())),
                Cut::Read(text) if text.contains(char::is_alphanumeric) => {
                    let lead = text.len() - text.trim_start().len();
                    let trail = text.trim_end().len();
                    around.push(Around::Kept(text.part(..lead).to_owned()));
                    for (place, part) in cut(text.trim())?.into_iter().enumerate() {
                        around.extend((place > 0).then(|| Around::Kept(" ".to_owned())));
                        around.push(Around::Read(part, None));
                    }
                    around.push(Around::Kept(text.part(trail..).to_owned()));
                }
                Cut::Read(text) => around.push(Around::Kept(text.to_owned())),
            }
        }
        self.english = English::Around(around);
        Ok(())
    }

    /// Puts in what was written around the pieces.
    fn fill(&mut self, found: &mut impl Iterator<Item = Vec<Translated>>, glossary: Option<&Glossary>) {
        let English::Around(around) = &mut self.english else { return };
        for around in around {
            if let Around::Read(source, english) = around {
                let masked = Masked { text: source.clone(), ..Masked::default() };
                let mut best = best(&masked, glossary, found.next().unwrap_or_default());
                // The sentence goes on behind it.
                if !source.ends_with('.') {
                    best.text.truncate(best.text.trim_end_matches('.').len());
                }
                *english = Some(best);
            }
        }
    }

    /// How likely the model found what it wrote for the part.
    fn likelihood(&self) -> Option<Likelihood> {
        match &self.english {
            English::Waiting => None,
            English::Whole(english) => english.likelihood.clone(),
            English::Around(around) => {
                let read = around.iter().filter_map(|around| match around {
                    Around::Read(_, english) => english.as_ref()?.likelihood.clone(),
                    Around::Kept(_) => None,
                });
                read.reduce(Likelihood::and)
            }
        }
    }

    /// The English with its pieces, in capitals where those were meant; why it ended; what is doubtful.
    fn written(&self, capitals: bool) -> (String, Stop, Option<Flag>) {
        let cased = |text: &str| if capitals { text.to_uppercase() } else { text.to_owned() };
        match &self.english {
            English::Waiting => (String::new(), Stop::Limit, None),
            English::Whole(english) => (self.masked.set_back(&cased(&english.text)), english.stop, None),
            English::Around(around) => {
                let (mut text, mut stop) = (String::new(), Stop::End);
                for around in around {
                    match around {
                        Around::Kept(kept) => text.push_str(kept),
                        Around::Read(_, english) => {
                            let english = english.as_ref();
                            stop = stop.max(english.map_or(Stop::Limit, |english| english.stop));
                            text.push_str(&cased(english.map_or("", |english| &english.text)));
                        }
                    }
                }
                let pieces: Vec<&str> =
                    self.masked.stands_for.iter().map(|(_, piece)| piece.as_str()).collect();
                (text, stop, Some(Flag::new(FlagKind::CutAroundVerbatim, pieces.join(", "))))
            }
        }
    }
}

/// Of what the model found, best first, the first of those that lost the fewest pieces, then terms, then have the fewest
/// flags.
fn best(masked: &Masked, glossary: Option<&Glossary>, found: Vec<Translated>) -> Translated {
    let text = masked.text.as_str();
    let best = found.iter().min_by_key(|english| {
        let missing = glossary.map_or(0, |glossary| glossary.check(text, &english.text).len());
        (masked.lost(&english.text), missing, check::losses(text, english, &[]).len())
    });
    let Some(best) = best else { return Translated::new("", Stop::Limit) };
    let agreement = agreement(best, &found);
    let mut best = best.clone();
    if let Some(share) = agreement {
        // A share of words that were counted is one.
        best.likelihood = best.likelihood.and_then(|likelihood| likelihood.with_agreement(share).ok());
    }
    best
}

/// The share of the words of the `chosen` text that the others have which were found, and which ended; `None` without others.
fn agreement(chosen: &Translated, found: &[Translated]) -> Option<f32> {
    let words = |text: &str| -> Vec<String> { check::English::new(text).heavy_stems() };
    let ours = words(&chosen.text);
    let others: Vec<Vec<String>> = found
        .iter()
        .filter(|other| other.text != chosen.text && other.stop == Stop::End)
        .map(|other| words(&other.text))
        .collect();
    let shared: usize =
        others.iter().map(|other| ours.iter().filter(|word| other.contains(word)).count()).sum();
    let all = ours.len() * others.len();
    (all > 0).then(|| shared as f32 / all as f32)
}

/// Pieces that follow each other, with nothing between them but blanks, commas and signs, as one: a run of tags is copied as
/// a whole. Signs behind a piece go with it.
fn joined(text: &str, pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    let starts: Vec<usize> =
        pieces.iter().skip(1).map(|piece| piece.range.start).chain([text.len()]).collect();
    for (mut piece, next) in pieces.into_iter().zip(starts) {
        let behind = text.part(piece.range.end..next);
        let sign = |c: char| is_sign(c) || c == ' ' || c == '\u{fe0f}' || c == '\u{200d}';
        let signs = behind.part(..behind.find(|c| !sign(c)).unwrap_or(behind.len()));
        if signs.contains(is_sign) {
            piece.range.end += signs.trim_end().len();
        }
        let alike = |kind| !matches!(kind, Kind::Mark | Kind::Foreign | Kind::English);
        if let Some(last) = joined.last_mut().filter(|last| alike(last.kind) && alike(piece.kind)) {
            let between = text.part(last.range.end..piece.range.start);
            if between
                .chars()
                .all(|c| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '&') || is_sign(c))
            {
                last.range.end = piece.range.end;
                continue;
            }
        }
        joined.push(piece);
    }
    joined
}

/// Emoji, bullets and the like, which stand outside of the grammar.
fn is_sign(c: char) -> bool {
    matches!(c, '•' | '▪')
        || ('\u{2190}'..='\u{2bff}').contains(&c)
        || ('\u{1f000}'..='\u{1faff}').contains(&c)
}

/// A part of a text that is kept apart, or one to be read with the pieces in it.
enum Chunk<'t> {
    Kept(&'t str),
    Read(&'t str, Vec<Piece>),
}

/// Takes apart what stands outside of the sentence, at its start and its end: marks, signs, pieces behind a colon or after the
/// sentence; all of it where nothing else is there. What is in the middle has a part in the grammar and is read.
fn chunks<'t>(text: &'t str, pieces: &[Piece]) -> Vec<Chunk<'t>> {
    let between = |from: usize, to: usize| text.part(from..to);
    let says = |text: &str| text.contains(char::is_alphanumeric);
    let (mut start, mut end) = (0, text.len());
    let (mut first, mut last) = (0, pieces.len());
    while let Some(piece) = pieces.get(first) {
        let next = pieces.get(first + 1).map_or(end, |next| next.range.start);
        let behind = between(piece.range.end, next);
        let gap =
            behind.find(|c: char| c.is_alphanumeric() || "\"“‘'([#@".contains(c)).unwrap_or(behind.len());
        let parted =
            behind.get(..gap).is_some_and(|gap| gap.contains([':', '–', '—', '|']) || gap.contains(" - "));
        let alone = first + 1 == pieces.len() && !says(behind);
        if says(between(start, piece.range.start)) || !(piece.kind == Kind::Mark || parted || alone) {
            break;
        }
        start = piece.range.end + gap;
        first += 1;
    }
    while let Some(piece) =
        last.checked_sub(1).filter(|&last| last >= first).and_then(|last| pieces.get(last))
    {
        let before = between(start, piece.range.start);
        let clause = before.trim_end_matches(|c: char| c.is_whitespace() || "\"“‘'(".contains(c));
        let tags = piece.kind == Kind::Tag && clause.len() < before.len();
        let apart = clause.ends_with([':', '.', '!', '?', '…', '|']) || tags || !says(clause);
        if says(between(piece.range.end, end)) || !apart {
            break;
        }
        last -= 1;
        // What is trimmed may belong to the piece before.
        let before =
            last.checked_sub(1).filter(|&before| before >= first).and_then(|before| pieces.get(before));
        end = before.map_or(0, |piece| piece.range.end).max(start + clause.len());
    }
    // Signs at the ends of what is left, where they are not a piece's own.
    let inside = pieces.part(first..last.max(first));
    let left = between(start, inside.first().map_or(end, |piece| piece.range.start));
    let lead =
        left.find(|c: char| !is_sign(c) && !c.is_whitespace() && c != '\u{fe0f}').unwrap_or(left.len());
    if left.get(..lead).is_some_and(|lead| lead.contains(is_sign)) {
        start += lead;
    }
    // A piece may have taken its signs along.
    let said = start + between(start, end).rfind(char::is_alphanumeric).unwrap_or(0);
    let from = inside.last().map_or(said, |piece| said.max(piece.range.end));
    if let Some(sign) = between(from, end).find(is_sign) {
        end = from + between(from, from + sign).trim_end().len();
    }

    let mut chunks = Vec::new();
    let keep = |from: usize, to: usize| (from < to).then(|| Chunk::Kept(between(from, to)));
    chunks.extend(keep(0, start));
    let inside: Vec<Piece> = inside
        .iter()
        .map(|piece| Piece { range: piece.range.start - start..piece.range.end - start, kind: piece.kind })
        .collect();
    let middle = between(start, end);
    if says(&mask(middle, &inside).unmarked()) {
        chunks.push(Chunk::Read(middle, inside));
    } else {
        chunks.extend(keep(start, end));
    }
    chunks.extend(keep(end, text.len()));
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::GlossaryEntry;
    use proptest::prelude::*;

    /// What a model found for each text.
    type Model = fn(&str) -> Vec<String>;

    fn run(text: &str, model: Model) -> Translated {
        run_with(Passage::new(text), model)
    }

    fn run_with(passage: Passage<'_>, model: Model) -> Translated {
        let cut = |part: &str| Ok(pieces::cut(part, 200).into_iter().map(str::to_owned).collect());
        let write = |jobs: &[Job<'_>]| {
            let found = |job: &Job<'_>| {
                model(job.text).into_iter().map(|text| Translated::new(text, Stop::End)).collect()
            };
            Ok(jobs.iter().map(found).collect())
        };
        translate(&[passage], cut, write).unwrap().remove(0)
    }

    fn seen(text: &str) -> Vec<String> {
        use std::cell::RefCell;
        thread_local!(static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) });
        SEEN.with(|seen| seen.borrow_mut().clear());
        run(text, |text| {
            SEEN.with(|seen| seen.borrow_mut().push(text.to_owned()));
            vec![text.to_owned()]
        });
        SEEN.with(|seen| seen.borrow().clone())
    }

    fn loses(_: &str) -> Vec<String> {
        vec!["Something else.".to_owned()]
    }

    #[test]
    fn the_model_sees_no_piece() {
        for (text, expected) in [
            ("Buka www.tolo.example untuk mendaftar.", vec!["Buka QZ7 untuk mendaftar."]),
            ("Situs resmi: www.tolo.example/aduan", vec!["Situs resmi:"]),
            ("https://tolo.example/kios", vec![]),
            ("[SALAH] Video ombak", vec!["Video ombak"]),
            ("Hubungi a@tolo.example atau 0812-0000-1111.", vec!["Hubungi QZ7 atau QZ8."]),
            ("Akun @tolo 🐟 ramai. #LautBersih #Tolo 🐟", vec!["Akun QZ7 ramai."]),
            ("🐟 Panen ikan naik 🎉", vec!["Panen ikan naik"]),
            ("🐟 www.tolo.example ramai dikunjungi warga.", vec!["QZ7 ramai dikunjungi warga."]),
            ("❤\u{fe0f}foto.jpg dikirim warga.", vec!["QZ7 dikirim warga."]),
            ("Mobil itu dicuri, lalu A 1234 BC dikejar.", vec!["Mobil itu dicuri, lalu QZ7 dikejar."]),
            ("\"Matur nuwun sanget, Pak,\" kata Wagiyo.", vec!["\"QZ7,\" kata Wagiyo."]),
            ("Ia berseru: \"Matur nuwun sanget, Pak.\"", vec!["Ia berseru:"]),
            ("Unduh kios.pdf, kios.csv dan kios.zip.", vec!["Unduh QZ7 dan QZ8."]),
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
    }

    /// Pieces that begin or end with a sign, a bracket or a quotation mark of their own.
    #[test]
    fn what_belongs_to_a_piece_is_not_taken_from_it() {
        for text in [
            "Ia menulis: \"Urang kudu 'hatur nuhun'\" #LautBersih",
            "\"Hatur nuhun, sadayana (\" #Laut",
            "Lihat www.tolo.example ❤\u{fe0f}foto.jpg besok.",
            "Lihat www.tolo.example Ⓐb.pdf besok.",
            "WARGA DATANG KE-@TOLO HARI INI",
            "Mobil itu\nA 1234 BC melaju kencang.",
            "😀 Hatur nuhun sadayana,\" ujar dia.",
            "❤\u{fe0f}foto.jpg dikirim warga.",
        ] {
            let english = run(text, |text| vec![text.to_owned()]);
            let tidy = tidied(text);
            assert!(!verbatim::kept(&tidy).is_empty(), "{text}");
            for kept in verbatim::kept(&tidy) {
                assert!(english.text.contains(kept.trim()), "{kept} is lost from {text}: {}", english.text);
            }
        }
    }

    #[test]
    fn pieces_are_set_back_where_the_model_put_them() {
        let english = run("Buka www.tolo.example atau tulis ke a@tolo.example.", |_| {
            vec!["Write to QZ8 or open QZ7.".to_owned()]
        });
        assert_eq!(english, Translated::new("Write to a@tolo.example or open www.tolo.example.", Stop::End));
    }

    #[test]
    fn of_what_was_found_that_with_all_pieces_and_terms_is_taken() {
        let found = |_: &str| ["Open it.", "Open QZ7 twice.", "See QZ7 now."].map(str::to_owned).to_vec();
        let glossary = Glossary::new([GlossaryEntry::new("buka", "see")]).unwrap();
        let passage = Passage::new("Buka www.tolo.example sekarang.");
        assert_eq!(run_with(passage, found).text, "Open www.tolo.example twice.");
        assert_eq!(run_with(passage.with_glossary(Some(&glossary)), found).text, "See www.tolo.example now.");
    }

    #[test]
    fn where_the_model_loses_a_piece_the_text_is_read_around_it() {
        let english = run("Buka www.tolo.example untuk daftar.", |text| {
            let known = [("Buka", "Open."), ("untuk daftar.", "to sign up.")];
            let english = known
                .iter()
                .find(|(source, _)| *source == text)
                .map_or("It is open.", |(_, english)| english);
            vec![english.to_owned()]
        });
        assert_eq!(english.text, "Open www.tolo.example to sign up.");
        let flags: Vec<_> = english.flags.iter().map(|flag| (flag.kind, flag.detail.as_str())).collect();
        assert_eq!(flags, [(FlagKind::CutAroundVerbatim, "www.tolo.example")]);
    }

    #[test]
    fn capitals_are_read_as_a_sentence_and_set_back() {
        let article = "Wali Kota Sinta Rangkuti membuka kios.";
        let passage =
            Passage::new("SINTA RANGKUTI BUKA KIOS, LIHAT www.Tolo.example HARI INI").in_article(article);
        let english = run_with(passage, |text| {
            assert_eq!(text, "Sinta Rangkuti buka kios, lihat QZ7 hari ini");
            vec!["Sinta Rangkuti opens kiosk, see QZ7 today".to_owned()]
        });
        assert_eq!(english.text, "SINTA RANGKUTI OPENS KIOSK, SEE www.Tolo.example TODAY");
        assert_eq!(english.flags, []);
        let english = run("zarima membuka kios di desa itu.", |_| vec!["Zarima opened a kiosk.".to_owned()]);
        assert_eq!(english.text, "Zarima opened a kiosk.");
        assert_eq!(english.flags, [Flag::new(FlagKind::GuessedCase, "Zarima")]);
    }

    const TEXT: &str = "(www\\.a\\.example/b|c@d\\.example|@ef|#Gh|0812-0000-1111|\\[SALAH\\]|привет|🐟|x\\.pdf|\"ora wis iki\"|\
                        😀 ora wis iki,\"|❤\u{fe0f}x\\.pdf|Ⓐb\\.pdf|\"Urang kudu 'hatur nuhun'\"|\"Hatur nuhun, sadayana \\(\"|QZ7|[a-zA-Z]{1,7}|[.,:!?()\"])( [.,:]?|, ){1,2}";

    proptest! {
        #[test]
        fn no_piece_is_lost_whatever_a_model_writes(text in prop::collection::vec(TEXT, 0..9), plain in "\\PC{0,40}") {
            for text in [text.concat(), plain] {
                let tidy = tidied(&text).into_owned();
                for model in [loses as Model, |text| vec![text.to_lowercase()], |text| vec![text.to_owned()], |_| Vec::new()] {
                    let english = run(&text, model);
                    for kept in verbatim::kept(&tidy) {
                        let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
                        prop_assert!(english.text.contains(&kept), "{:?} is not in {:?}", kept, english.text);
                    }
                }
            }
        }

        #[test]
        fn a_text_does_not_depend_on_its_neighbors(texts in prop::collection::vec("\\PC{0,30}|[A-Z ]{0,20}|www\\.a\\.example", 1..5)) {
            let cut = |part: &str| Ok(vec![part.to_owned()]);
            let write = |jobs: &[Job<'_>]| Ok(jobs.iter().map(|job| vec![Translated::new(job.text, Stop::End)]).collect());
            let passages: Vec<Passage<'_>> = texts.iter().map(|text| Passage::new(text)).collect();
            let together = translate(&passages, cut, write).unwrap();
            for (passage, english) in passages.iter().zip(&together) {
                prop_assert_eq!(&translate(&[*passage], cut, write).unwrap()[0], english);
            }
        }
    }
}
