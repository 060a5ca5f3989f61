//! Applies the rules until none finds anything.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde::Serialize;

use super::cues::Cues;
use super::headline::{headline_len, is_headline, LONGEST as LONGEST_HEADLINE};
use super::joined::Joined;
use super::rule::{Rule, Scope};
use super::rules::{is_route, names_publisher};
use super::{rules, Cleaned, Cleaner};
use crate::document::{Removed, Span};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::progress::{Progress, Stage};
use crate::text::{self, as_json, floor, pattern};

/// Rounds after which a text counts as no article; of 19,012 real ones none needed more than five.
const MAX_ROUNDS: usize = 16;
/// Pieces of boilerplate that are looked for at either end in one round.
const MAX_EDGE: usize = 32;
/// Lines that may stand above the time of publication: headline, lead, names.
const MAX_TITLES: usize = 5;
/// Sentences that may stand above a dateline with its publisher: a lead, a caption.
const MAX_SENTENCES: usize = 2;
/// Characters that a line of verse has at most.
const LONGEST_VERSE: usize = 40;
/// Bytes at either end in which boilerplate of that end is looked for.
const EDGE: usize = 2000;

/// Cleans by the built-in rules. The same rules for every publisher, since the publisher is seldom known.
///
/// Guarantees: what it keeps and removes covers all of a text that is not white space; it takes time linear in
/// the length of the text; cleaning what was kept removes nothing more. A text in which every removal uncovers
/// new boilerplate, as no article does, is kept whole.
#[derive(Debug, Clone)]
pub struct RuleCleaner(Arc<Compiled>);

/// The rules and what finds out which of them to try. Shared, since the patterns learn while they run.
#[derive(Debug)]
struct Compiled {
    rules: Vec<Rule>,
    /// All patterns in the order of the rules.
    patterns: Vec<Pattern>,
    cues: Cues,
    changes: Changes,
}

/// In what the rules differ from the built-in ones, for provenance.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Changes {
    without: Vec<String>,
    with: Vec<Added>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Added {
    scope: Scope,
    name: String,
    reason: String,
    pattern: String,
}

#[derive(Debug)]
struct Pattern {
    rule: usize,
    scope: Scope,
    text: text::Pattern,
}

impl Default for RuleCleaner {
    /// With all rules. They are compiled once per process and shared.
    fn default() -> Self {
        static ALL: LazyLock<RuleCleaner> =
            LazyLock::new(|| RuleCleaner::new(rules::all(), Changes::default()));
        ALL.clone()
    }
}

/// What one rule removes, in bytes of the text of this round.
#[derive(Debug, Clone, Copy)]
struct Cut {
    start: usize,
    end: usize,
    rule: usize,
}

impl RuleCleaner {
    fn new(rules: Vec<Rule>, changes: Changes) -> Self {
        let each = rules.iter().enumerate().flat_map(|(rule, entry)| {
            entry.patterns.iter().map(move |pattern| Pattern {
                rule,
                scope: entry.scope(),
                text: pattern.clone(),
            })
        });
        let patterns: Vec<Pattern> = each.collect();
        let cues = Cues::new(patterns.iter().map(|pattern| pattern.text.as_str()));
        RuleCleaner(Arc::new(Compiled { rules, patterns, cues, changes }))
    }

    /// The rules, in the order in which they are tried, but for lines of rules of your own, see [`with`](Self::with).
    pub fn rules(&self) -> &[Rule] {
        &self.0.rules
    }

    /// Without the rules called `name`, for a publisher whose stories it harms. Another rule may take the same text: the document says
    /// which did.
    ///
    /// # Errors
    /// [`Error::Config`] where no rule has that name; it lists those that there are.
    pub fn without(&self, name: &str) -> Result<Self> {
        if !self.0.rules.iter().any(|rule| rule.name() == name) {
            let mut names: Vec<&str> = self.0.rules.iter().map(Rule::name).collect();
            names.sort_unstable();
            names.dedup();
            let fix = format!("choose one of: {}", names.join(", "));
            return Err(Error::config(format!("there is no rule `{name}`"), fix));
        }
        let rules: Vec<Rule> = self.0.rules.iter().filter(|rule| rule.name() != name).cloned().collect();
        let mut changes = self.0.changes.clone();
        changes.with.retain(|rule| rule.name != name);
        changes.without.push(name.to_owned());
        Ok(RuleCleaner::new(rules, changes))
    }

    /// With one more rule, tried after the others; but a line that a rule of yours in the scopes `Line` and `Paragraph` matches goes by it, though
    /// a built-in button or label, which would not go alone, matches it too. `pattern` is a regular expression of the crate `regex`; `scope` says what it is
    /// held against and where it is anchored, see the table of [`Scope`].
    ///
    /// A line of one publisher:
    ///
    /// ```
    /// use intisari::clean::{join_kept, Cleaner, RuleCleaner, Scope};
    ///
    /// let cleaner = RuleCleaner::default().with(
    ///     Scope::Line,
    ///     "weather-box",
    ///     "the weather beside the story",
    ///     r"Cuaca hari ini: \w+, \d+ °C",
    /// )?;
    /// let text = "Bupati membuka pasar malam.\nCuaca hari ini: cerah, 31 °C\nWarga datang.";
    /// let cleaned = &cleaner.clean(&[text])?[0];
    /// assert_eq!(join_kept(text, &cleaned.kept), "Bupati membuka pasar malam.\nWarga datang.");
    /// assert_eq!(cleaned.removed[0].rule, "weather-box");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// What a pattern needs to see but must not remove stays outside its group `cut`, in the scopes that do not take whole lines:
    ///
    /// ```
    /// # use intisari::clean::{join_kept, Cleaner, RuleCleaner, Scope};
    /// let cleaner = RuleCleaner::default()
    ///     // The number goes only where a sentence starts behind it.
    ///     .with(Scope::Opening, "number", "the number of the report", r"(?<cut>\[No\. \d+\] )\p{Lu}")?
    ///     // The mark goes, the stop before it stays.
    ///     .with(Scope::Closing, "mark", "the mark of the desk", r"\.(?<cut> ///\w+)")?;
    /// let text = "[No. 7] Bupati membuka pasar malam. ///redaksi";
    /// let cleaned = &cleaner.clean(&[text])?[0];
    /// assert_eq!(join_kept(text, &cleaned.kept), "Bupati membuka pasar malam.");
    /// # Ok::<(), intisari::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Config`](crate::Error::Config) where the pattern is no regular expression, matches the empty text, or has a line break or a
    /// group `cut` in a scope of lines; where name or reason are blank, or a built-in rule has the name.
    pub fn with(&self, scope: Scope, name: &str, reason: &str, pattern: &str) -> Result<Self> {
        let own = self.0.changes.with.iter().any(|added| added.name == name);
        if !own && self.0.rules.iter().any(|rule| rule.name() == name) {
            let message = format!("`{name}` is a rule of the crate");
            return Err(Error::config(message, "give yours another name: `removed` and `without` go by it"));
        }
        let mut rules = self.0.rules.clone();
        rules.push(Rule::added(scope, name, reason, pattern)?);
        let mut changes = self.0.changes.clone();
        changes.with.push(Added {
            scope,
            name: name.to_owned(),
            reason: reason.to_owned(),
            pattern: pattern.to_owned(),
        });
        Ok(RuleCleaner::new(rules, changes))
    }
}

impl Compiled {
    fn clean_one(&self, text: &str) -> Cleaned {
        let whole: Vec<Span> =
            Some(Span::whole(text).trimmed(text)).filter(|span| !span.is_empty()).into_iter().collect();
        let mut kept = whole.clone();
        let mut removed = Vec::new();
        for _ in 0..MAX_ROUNDS {
            let joined = Joined::new(text, &kept);
            let cuts = self.cuts(&joined.text);
            if cuts.is_empty() {
                removed.sort_by_key(|removed: &Removed| removed.span);
                return Cleaned { kept, removed };
            }
            for Cut { start, end, rule } in cuts {
                #[expect(clippy::indexing_slicing, reason = "patterns hold the places of their rules")]
                let rule = &self.rules[rule];
                for (start, end) in joined.origins(start, end) {
                    let span = Span::new(text, start, end).ok().map(|span| span.trimmed(text));
                    if let Some(span) = span.filter(|span| !span.is_empty()) {
                        removed.push(Removed {
                            span,
                            rule: rule.name().into(),
                            reason: rule.reason().into(),
                        });
                    }
                }
            }
            removed.sort_by_key(|removed| removed.span);
            kept = complement(text, &removed);
        }
        Cleaned { kept: whole, removed: Vec::new() }
    }

    /// What the rules find in `text`: ordered, disjoint, never blank. Of two that overlap the first one counts.
    fn cuts(&self, text: &str) -> Vec<Cut> {
        let mut cuts = Vec::new();
        let cued: Vec<(usize, &[usize])> = self.cues.find(text).collect();
        self.cut_lines(text, &cued, &mut cuts);
        self.cut_inside(text, &cued, &mut cuts);
        self.cut_header(text, &mut cuts);
        self.cut_opening(text, &mut cuts);
        self.cut_closing(text, &mut cuts);
        cuts.retain(|cut| text.get(cut.start..cut.end).is_some_and(|part| !part.trim().is_empty()));
        cuts.sort_by_key(|cut| (cut.start, std::cmp::Reverse(cut.end)));
        let mut end = 0;
        cuts.retain(|cut| {
            let free = cut.start >= end;
            if free {
                end = cut.end;
            }
            free
        });
        cuts
    }

    /// Patterns that may match where these cues are: in order, without those of other scopes.
    fn candidates(&self, cued: &[(usize, &[usize])], wanted: impl Fn(Scope) -> bool) -> Vec<&Pattern> {
        let mut indices: Vec<usize> = cued.iter().flat_map(|&(_, patterns)| patterns).copied().collect();
        indices.extend(&self.cues.free);
        indices.sort_unstable();
        indices.dedup();
        let patterns = indices.into_iter().filter_map(|index| self.patterns.get(index));
        patterns.filter(|pattern| wanted(pattern.scope)).collect()
    }

    fn cut_lines(&self, text: &str, cued: &[(usize, &[usize])], cuts: &mut Vec<Cut>) {
        let mut offset = 0;
        let mut cued = cued;
        // Lines in a row that may go, and whether the one before them goes for sure.
        let mut row = Row::default();
        for line in text.split('\n') {
            let (here, later) = cued.split_at(cued.partition_point(|&(end, _)| end <= offset + line.len()));
            cued = later;
            let trimmed = line.trim();
            if !trimmed.is_empty() {
                let found = self.line_pattern(trimmed, here);
                let cut = |found: &Pattern| Cut { start: offset, end: offset + line.len(), rule: found.rule };
                match found.map(|found| (found.scope, cut(found))) {
                    Some((scope @ (Scope::Button | Scope::Label), cut)) => row.push(scope, cut),
                    Some((_, cut)) => {
                        row.end(true, cuts);
                        cuts.push(cut);
                        row.beside = true;
                    }
                    None => row.end(false, cuts),
                }
            }
            offset += line.len() + 1;
        }
        row.end(false, cuts);
    }

    /// The first pattern that takes a line away; none for a line that says who said something.
    fn line_pattern(&self, line: &str, cued: &[(usize, &[usize])]) -> Option<&Pattern> {
        if line.len() > Scope::Paragraph.longest_line() {
            return None;
        }
        let fits = |scope: Scope| scope.is_line() && line.len() <= scope.longest_line();
        let candidates = self.candidates(cued, fits);
        let matching = |pattern: &&&Pattern| pattern.text.regex().is_match(line);
        // A rule of the user's own takes its line, also one that is a button or label to the rules before it, which take none alone.
        let added = self.rules.len().saturating_sub(self.changes.with.len());
        let alone = |pattern: &&&Pattern| {
            pattern.rule >= added && !matches!(pattern.scope, Scope::Button | Scope::Label)
        };
        let own = candidates.iter().filter(alone).find(matching);
        let found = own.or_else(|| candidates.iter().find(matching)).copied();
        found.filter(|_| !is_attributed(line) && !is_instruction(line))
    }

    fn cut_inside(&self, text: &str, cued: &[(usize, &[usize])], cuts: &mut Vec<Cut>) {
        for pattern in self.candidates(cued, |scope| matches!(scope, Scope::Inline | Scope::Headline)) {
            let rule = pattern.rule;
            let found = all_cuts(pattern.text.regex(), text);
            if pattern.scope == Scope::Inline {
                cuts.extend(found.map(|(start, end)| Cut { start, end, rule }));
            } else {
                let with_headline =
                    |(start, end)| Some(Cut { start, end: with_headline(text, start, end)?, rule });
                cuts.extend(found.filter_map(with_headline));
            }
        }
    }

    /// What a page puts before the story: all lines up to the first dateline, if a time of publication or a button is among
    /// them; else the headline and the names above a time of publication. Nothing where the next lines have such times too: that is a schedule.
    fn cut_header(&self, text: &str, cuts: &mut Vec<Cut>) {
        let window = text.part(..floor(text, EDGE));
        let rule_of = |line: &str, wanted: Scope| {
            let matching =
                |pattern: &&Pattern| pattern.scope == wanted && pattern.text.regex().is_match(line);
            self.patterns.iter().find(matching).map(|pattern| pattern.rule)
        };
        // Of several, the rule whose line was met first gives its name; where buttons alone tell the header, the first.
        let Some(usual) = self.rules.iter().position(|rule| rule.scope() == Scope::Header) else { return };
        let mut header = None;
        let (mut offset, mut above, mut titles, mut sentences) = (0, 0, true, 0);
        let (mut timed, mut buttons) = (false, false);
        let mut end = None;
        for line in window.split('\n').take(MAX_EDGE) {
            let trimmed = line.trim();
            let rest = window.part(offset..).trim_start();
            // Behind a sentence, which may be a lead or a caption, or the story, only a publisher shows that it is not yet told.
            let told = (timed && sentences <= MAX_SENTENCES) || (buttons && titles);
            if told && self.dateline(rest).is_some_and(|found| sentences == 0 || names_publisher(found)) {
                end = Some(offset);
                break;
            }
            offset = (offset + line.len() + 1).min(window.len());
            if trimmed.is_empty() {
                continue;
            }
            let rule = rule_of(trimmed, Scope::Header);
            header = header.or(rule);
            let time = rule.is_some();
            timed |= time;
            buttons |= rule_of(trimmed, Scope::Button).is_some();
            if time && titles && above <= MAX_TITLES && end.is_none() {
                end = Some(offset);
            }
            // A sentence of the story ends with a stop, a headline does not.
            titles &= !trimmed.ends_with(['.', ',', ';', ':', '"', '”']);
            sentences += usize::from(ends_sentence(trimmed));
            above += 1;
        }
        let Some(end) = end.filter(|&end| end > 0) else { return };
        let timed_again = |line: &str| {
            let line = line.trim();
            rule_of(line, Scope::Header).is_some() && rule_of(line, Scope::Line).is_none()
        };
        let behind = text.part(end..floor(text, end + EDGE));
        if behind.split('\n').take(MAX_EDGE).any(timed_again) {
            return;
        }
        cuts.push(Cut { start: 0, end, rule: header.unwrap_or(usual) });
    }

    /// The dateline at the start of `text` that ends in a dash: `Ambon: hujan` may be of a list.
    fn dateline<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (rule, (start, end)) = self.first_of(Scope::Opening, text)?;
        let found = text.get(..end).filter(|_| start == 0)?;
        let dateline = self.rules.get(rule)?.name() == "dateline";
        (dateline && (names_publisher(found) || !found.trim_end().ends_with(':'))).then_some(found)
    }

    fn cut_opening(&self, text: &str, cuts: &mut Vec<Cut>) {
        let mut rest = text.trim_start();
        for _ in 0..MAX_EDGE {
            let window = rest.part(..floor(rest, EDGE));
            let Some((rule, (start, end))) = self.first_of(Scope::Opening, window) else { return };
            let base = text.len() - rest.len();
            cuts.push(Cut { start: base + start, end: base + end, rule });
            rest = rest.part(end..).trim_start();
        }
    }

    fn cut_closing(&self, text: &str, cuts: &mut Vec<Cut>) {
        let mut rest = text.trim_end();
        for _ in 0..MAX_EDGE {
            let base = floor(rest, rest.len().saturating_sub(EDGE));
            let window = rest.part(base..);
            let Some((rule, (start, end))) = self.first_of(Scope::Closing, window) else { return };
            if is_signed_verse(window.part(..start), window.part(start..end)) {
                return;
            }
            cuts.push(Cut { start: base + start, end: base + end, rule });
            rest = rest.part(..base + start).trim_end();
        }
    }

    /// The first pattern of `scope` that removes something from `window`, and what.
    fn first_of(&self, scope: Scope, window: &str) -> Option<(usize, (usize, usize))> {
        let cued: Vec<(usize, &[usize])> = self.cues.find(window).collect();
        let route = scope == Scope::Opening && is_route(window);
        let may_be =
            |rule: usize| !(route && self.rules.get(rule).is_some_and(|rule| rule.name() == "dateline"));
        let patterns = self.candidates(&cued, |other| other == scope);
        patterns.into_iter().filter(|pattern| may_be(pattern.rule)).find_map(|pattern| {
            first_cut(pattern.text.regex(), window)
                .filter(|(start, end)| start < end)
                .map(|cut| (pattern.rule, cut))
        })
    }
}

impl Cleaner for RuleCleaner {
    fn clean(&self, texts: &[&str]) -> Result<Vec<Cleaned>> {
        self.clean_with(texts, Progress::none())
    }

    fn clean_with(&self, texts: &[&str], progress: Progress<'_>) -> Result<Vec<Cleaned>> {
        let one = |(done, text): (usize, &&str)| {
            let cleaned = self.0.clean_one(text);
            progress.report(Stage::Clean, done + 1, texts.len())?;
            Ok(cleaned)
        };
        texts.iter().enumerate().map(one).collect()
    }

    /// The rules left out and added; null where there are none.
    fn options(&self) -> serde_json::Value {
        if self.0.changes == Changes::default() {
            return serde_json::Value::Null;
        }
        as_json(&self.0.changes)
    }
}

/// Buttons and labels in a row of lines.
#[derive(Debug, Default)]
struct Row {
    cuts: Vec<Cut>,
    /// Whether one of them is a button.
    button: bool,
    /// Whether the line before the row goes.
    beside: bool,
}

impl Row {
    fn push(&mut self, scope: Scope, cut: Cut) {
        self.button |= scope == Scope::Button;
        self.cuts.push(cut);
    }

    /// At the line behind the row, of which it is known whether it goes: gives the row up or keeps it.
    fn end(&mut self, goes: bool, cuts: &mut Vec<Cut>) {
        let Row { cuts: row, button, beside } = std::mem::take(self);
        if button && (row.len() > 1 || beside || goes) {
            cuts.extend(row);
        }
    }
}

/// Whether `line` quotes somebody (`…, kata Sari`): then it is of the story, whatever else it looks like.
fn is_attributed(line: &str) -> bool {
    static VERBS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?x)
            [,”"’']\s*
            (?:
                kata|ujar|tutur|imbau|ungkap|jelas|ucap|tulis|sebut|tegas|papar|terang|lanjut|tambah|pesan
                |pinta|cetus|sambung|tanya|jawab|seru|klaim|aku|urai|beber|imbuh|timpal|sahut|dalih|pungkas
                |harap
            )(?:nya)?
            (?:\s+[\w"“]|[.,!?]|\z)"#,
        )
    });
    VERBS.is_match(line)
}

/// Whether `line` ends with its source, as headlines do: `Stok beras aman, kata Bulog`.
fn ends_with_source(line: &str) -> bool {
    static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"[^,]{10},\s*(?:kata|ujar|sebut|ungkap|klaim|tegas)\s+[A-ZÀ-ÖØ-Þ][\w-]*(?:\s+[A-ZÀ-ÖØ-Þ][\w-]*){0,4}\z",
        )
    });
    SOURCE.is_match(line.trim_end())
}

/// Whether `line` tells what to do step by step: `klik tab itu, lalu pilih Saluran WhatsApp`.
fn is_instruction(line: &str) -> bool {
    static STEPS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:lalu|kemudian|setelah itu|selanjutnya),?\s+(?:klik|pilih|ketuk|buka|tekan|masuk|masukkan|geser|isi)\b",
        )
    });
    STEPS.is_match(line)
}

/// Whether `name`, a name in brackets, stands below verse: two short lines, the first without a stop.
fn is_signed_verse(before: &str, name: &str) -> bool {
    let above = before.trim_end_matches([' ', '\u{a0}']);
    let mut lines = above.trim_end().rsplit('\n').map(str::trim);
    let (Some(last), Some(first)) = (lines.next(), lines.next()) else { return false };
    let short = |line: &str| !line.is_empty() && line.chars().count() <= LONGEST_VERSE;
    let inside = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    inside.is_some_and(|name| name.starts_with(char::is_uppercase) && !name.contains('/'))
        && above.ends_with('\n')
        && short(last)
        && short(first)
        && !ends_sentence(first)
}

/// Whether `line` ends as a sentence of the story does, or as a caption.
fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '”', '\'', '’', ')', ']']).ends_with(['.', '!', '?', '…'])
}

/// The parts of `text` outside of `removed` (ordered), trimmed, without blank ones.
fn complement(text: &str, removed: &[Removed]) -> Vec<Span> {
    let starts = std::iter::once(0).chain(removed.iter().map(|removed| removed.span.end()));
    let ends = removed.iter().map(|removed| removed.span.start()).chain([text.len()]);
    let between = starts.zip(ends).filter_map(|(start, end)| Span::new(text, start, end).ok());
    between.map(|span| span.trimmed(text)).filter(|span| !span.is_empty()).collect()
}

/// What each match of `pattern` in `text` removes: its group `cut`, else all of it.
fn all_cuts<'a>(pattern: &'a Regex, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    pattern
        .captures_iter(text)
        .filter_map(|found| found.name("cut").or(found.get(0)))
        .map(|cut| (cut.start(), cut.end()))
}

fn first_cut(pattern: &Regex, text: &str) -> Option<(usize, usize)> {
    let found = pattern.captures(text)?;
    found.name("cut").or(found.get(0)).map(|cut| (cut.start(), cut.end()))
}

/// End of the marker `start..end` together with the headline after it; `None` where it is no marker.
fn with_headline(text: &str, start: usize, end: usize) -> Option<usize> {
    let before = text.get(..start)?.trim_end_matches([' ', '\t', '\u{a0}']);
    let starts_line = before.is_empty() || before.ends_with('\n');
    let marker = text.get(start..end)?.trim_end();
    // A window keeps the search linear in a text of many markers and no line breaks.
    let rest = text.get(end..floor(text, end + 2 * LONGEST_HEADLINE))?;
    let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
    let alone = line.trim().is_empty();
    if is_weak(marker) && !alone && !is_titled(line) {
        return None;
    }
    // Some pages leave blank lines between the marker and its headline.
    let next = after.trim_start().split('\n').next()?;
    let skipped = after.len() - after.trim_start().len();
    if is_editors_choice(marker) {
        let links = links_len(text.get(end..)?, is_headline);
        return (links > 0).then_some(end + links);
    }
    if !marker.ends_with([':', '-', '–']) {
        // A marker with a colon is matched by another pattern, which knows more.
        if rest.trim_start().starts_with([':', '-', '–']) {
            return None;
        }
        // "Baca juga" may begin a sentence, "Baca Juga" does not.
        let sure = alone || !marker.ends_with("juga");
        return if starts_line && is_headline(line) { Some(end + line.len()) } else { sure.then_some(end) };
    }
    if starts_line && alone {
        let items = links_len(text.get(end..)?, is_linked_item);
        if items > 0 {
            return Some(end + items);
        }
        if is_headline(next) || stands_apart(after.trim_start()) {
            return Some(end + line.len() + 1 + skipped + next.len());
        }
    }
    Some(match headline_len(rest) {
        Some(len) => end + len,
        None if starts_line && is_short_link(line) && (!is_attributed(line) || ends_with_source(line)) => {
            end + line.len()
        }
        None => end,
    })
}

/// `Pilihan Redaksi` alone on its line, with the headlines below it.
fn is_editors_choice(marker: &str) -> bool {
    marker.trim_end_matches(':').eq_ignore_ascii_case("pilihan redaksi")
}

/// Bytes of the lines at the start of `text`, blank ones between them too, that are links; those that begin within [`EDGE`] are looked at.
fn links_len(text: &str, is_link: impl Fn(&str) -> bool) -> usize {
    let (mut offset, mut len) = (0, 0);
    for line in text.split('\n') {
        let trimmed = line.trim();
        if offset > EDGE || (!trimmed.is_empty() && !is_link(trimmed)) {
            break;
        }
        offset += line.len();
        if !trimmed.is_empty() {
            len = offset;
        }
        offset += 1;
    }
    len
}

/// Whether `line` is an item of a list of links: a mark, and no sentence behind it.
fn is_linked_item(line: &str) -> bool {
    let item = line.trim_start_matches(['-', '–', '•', '·', '*', '▪', '■', '►', '»']);
    item.len() < line.len() && item.starts_with([' ', '\u{a0}']) && is_unstopped(item.trim())
}

/// Whether the first line of `text` is a link: it has no stop and no number, which headings of the story have, and the next one does not go on
/// with it.
fn stands_apart(text: &str) -> bool {
    let (line, after) = text.split_once('\n').unwrap_or((text, ""));
    let goes_on = after
        .trim_start_matches([' ', '\u{a0}'])
        .starts_with(|next: char| next.is_lowercase() || matches!(next, ',' | '.' | ';' | ':' | ')' | '-'));
    let numbered = line.trim_start().starts_with(|first: char| first.is_ascii_digit()) && line.contains(". ");
    line.split_whitespace().nth(2).is_some() && !numbered && is_unstopped(line.trim()) && !goes_on
}

/// Whether `line` begins as a sentence does and has no end of one.
fn is_unstopped(line: &str) -> bool {
    is_short_link(line)
        && line.starts_with(|first: char| !first.is_lowercase())
        && !line.ends_with(['.', ',', ';', ':', '"', '”'])
}

/// Whether `marker` may as well stand before words of the story: `Baca: doa sebelum melaut`, `Video: barang bukti`.
fn is_weak(marker: &str) -> bool {
    let mut words = marker.trim_end_matches([':', ' ']).split_whitespace();
    words.next().is_some() && words.next().is_none()
}

/// Whether `rest`, behind a weak marker, is a headline with capitals, or ends like one.
fn is_titled(rest: &str) -> bool {
    let rest = rest.trim();
    is_headline(rest.trim_end_matches('.'))
        || headline_len(rest).is_some_and(|len| is_headline(rest.part(..len)))
}

/// Whether the rest of a line after a marker at its start is one headline, though written like a sentence.
fn is_short_link(line: &str) -> bool {
    static SENTENCE_ENDS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"[a-zß-öø-ÿ]{3}[.!?]["”]?\s*[A-ZÀ-ÖØ-Þ"“]|[a-zß-öø-ÿ]["”“]?[A-ZÀ-ÖØ-Þ]"#));
    line.len() <= 160 && !SENTENCE_ENDS.is_match(line)
}
