//! One label for a name that got several in an article.

use std::collections::{HashMap, HashSet};

use super::around::{is_told_as_person, names_a_site};
use super::cluster::is_abbreviated;
use super::merge::is_name;
use super::Mention;
use crate::document::Label;
use crate::lang::id;
use crate::text::one_line;

/// From this score on a mention is sure of its label.
const SURE: f32 = 0.9;

/// The label of each mention after a vote: names that are written alike, whatever their case, take the label whose scores
/// sum highest.
///
/// A sure mention keeps its own label where the vote is close (the other sum is less than twice its own), and always between
/// place and organization: a club or a government may bear the name of a town in the same article.
///
/// Against a person, brackets outvote scores: what abbreviates a name of another kind right behind it, `Partai Melati (Parmel)`,
/// is of that kind wherever it stands. A name of a nation or of a city abroad is no person's, unless it is part of one in the article
/// (`Paris Hilton`) or the article tells a person by it (`Oman (45)`, `tersangka berinisial AS`). What a street is named after
/// (`Jalan Slamet Riyadi`) has no vote and keeps its label.
pub(super) fn settled(text: &str, mentions: &[Mention]) -> Vec<Label> {
    let mut votes: HashMap<String, Vec<(Label, f32)>> = HashMap::new();
    let votes_for = |mention: &Mention| is_name(mention.label) && !names_a_site(text, mention.span);
    for mention in mentions.iter().filter(|mention| votes_for(mention)) {
        let labels = votes.entry(folded(mention.span.of(text))).or_default();
        match labels.iter_mut().find(|(label, _)| *label == mention.label) {
            Some((_, sum)) => *sum += mention.score,
            None => labels.push((mention.label, mention.score)),
        }
    }
    let settle = |mention: &Mention| {
        let labels = votes.get(&folded(mention.span.of(text))).filter(|_| votes_for(mention))?;
        let (winner, most) =
            labels.iter().copied().reduce(|best, other| if other.1 > best.1 { other } else { best })?;
        let own = labels.iter().find(|(label, _)| *label == mention.label)?.1;
        let place = |label| matches!(label, Label::Loc | Label::Org);
        let may_differ = own > most / 2.0 || (place(mention.label) && place(winner));
        (!(may_differ && mention.score >= SURE)).then_some(winner)
    };
    let mut settled: Vec<Label> =
        mentions.iter().map(|mention| settle(mention).unwrap_or(mention.label)).collect();
    let told: HashMap<String, Label> = mentions
        .windows(2)
        .zip(&settled)
        .filter_map(|(pair, &label)| {
            let [long, short] = pair else { return None };
            let other = label != Label::Per && is_name(label) && is_name(short.label);
            (other && is_abbreviated(text, long.span, short.span, label))
                .then(|| (folded(short.span.of(text)), label))
        })
        .collect();
    let people = mentions.iter().filter(|mention| mention.label == Label::Per);
    let people: HashSet<&str> =
        people.map(|person| person.span.of(text)).filter(|name| name.contains(' ')).collect();
    let told_as_people: HashSet<&str> = mentions
        .iter()
        .filter(|mention| mention.label == Label::Per && id::is_known_place(mention.span.of(text)))
        .filter(|mention| is_told_as_person(text, mention.span))
        .map(|person| person.span.of(text))
        .collect();
    // Each name is looked for once: there may be many mentions and many people.
    let mut places: HashMap<&str, bool> = HashMap::new();
    let mut is_place = |name| {
        *places.entry(name).or_insert_with(|| {
            id::is_known_place(name)
                && !told_as_people.contains(name)
                && !people.iter().any(|person| *person != name && person.contains(name))
        })
    };
    for (mention, label) in mentions.iter().zip(&mut settled).filter(|(_, label)| **label == Label::Per) {
        let name = mention.span.of(text);
        if let Some(&told) = told.get(&folded(name)) {
            *label = told;
        } else if is_place(name) {
            *label = Label::Loc;
        }
    }
    settled
}

/// A name without the differences of case and blanks.
pub(super) fn folded(surface: &str) -> String {
    one_line(surface).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;

    /// The labels after the vote of mentions of one name, with their scores.
    fn vote(mentions: &[(Label, f32)]) -> Vec<Label> {
        vote_on("Ambawu", mentions)
    }

    fn vote_on(name: &str, mentions: &[(Label, f32)]) -> Vec<Label> {
        let text = format!("{name} ").repeat(mentions.len());
        let mention = |(number, &(label, score)): (usize, &(Label, f32))| Mention {
            span: Span::new(&text, 7 * number, 7 * number + 6).unwrap(), // names of six letters
            label,
            score,
            sentence: number,
            value: None,
        };
        settled(&text, &mentions.iter().enumerate().map(mention).collect::<Vec<_>>())
    }

    #[test]
    fn one_against_many_gives_in_however_sure() {
        let found = vote(&[(Label::Loc, 0.8), (Label::Per, 0.99), (Label::Loc, 0.7), (Label::Loc, 0.9)]);
        assert_eq!(found, [Label::Loc; 4]);
    }

    #[test]
    fn one_against_one_the_unsure_gives_in() {
        assert_eq!(vote(&[(Label::Per, 0.6), (Label::Loc, 0.97)]), [Label::Loc; 2]);
        assert_eq!(vote(&[(Label::Per, 0.95), (Label::Loc, 0.97)]), [Label::Per, Label::Loc]);
        assert_eq!(vote(&[(Label::Per, 0.8), (Label::Loc, 0.8)]), [Label::Per; 2], "the first of equals");
    }

    #[test]
    fn a_town_and_its_club_keep_their_labels_where_sure() {
        let sure = [(Label::Org, 0.95), (Label::Org, 0.95), (Label::Org, 0.92), (Label::Loc, 0.93)];
        assert_eq!(vote(&sure), sure.map(|(label, _)| label));
        assert_eq!(vote(&[(Label::Org, 0.95), (Label::Org, 0.95), (Label::Loc, 0.7)]), [Label::Org; 3]);
    }

    #[test]
    fn a_capital_is_a_person_only_where_somebody_bears_its_name() {
        assert_eq!(vote_on("Moskow", &[(Label::Per, 0.97), (Label::Per, 0.97)]), [Label::Loc; 2]);
        assert_eq!(vote_on("Moskow", &[(Label::Org, 0.97)]), [Label::Org], "the government there");
        let text = "Paris Hilton tiba. Paris Hilton pulang, kata Paris.";
        let mentions: Vec<Mention> = [(0, 12), (19, 31), (45, 50)]
            .map(|(start, end)| {
                let span = Span::new(text, start, end).unwrap();
                Mention { span, label: Label::Per, score: 0.9, sentence: 0, value: None }
            })
            .into();
        assert_eq!(mentions[2].span.of(text), "Paris");
        assert_eq!(settled(text, &mentions), [Label::Per; 3]);
    }

    #[test]
    fn a_nation_is_a_person_where_the_article_tells_one_by_its_name() {
        let labels = |text: &str, names: &[&str]| -> Vec<Label> {
            let mut at = 0;
            let mention = |name: &&str| {
                let start = at + text[at..].find(name).unwrap();
                at = start + name.len();
                Mention::new(Span::new(text, start, at).unwrap(), Label::Per, 0.97, 0)
            };
            settled(text, &names.iter().map(mention).collect::<Vec<_>>())
        };
        for (text, names) in [
            (
                "Tersangka berinisial AS (28) dan RI (31) mengaku. Menurut RI, AS lari.",
                &["AS", "RI", "RI", "AS"][..],
            ),
            ("Oman (45), petani asal Garut, panen. Oman senang.", &["Oman", "Oman"]),
            ("Korban bernama Madinah tewas.", &["Madinah"]),
        ] {
            assert!(labels(text, names).iter().all(|label| *label == Label::Per), "{text}");
        }
        let text = "Menurut AS, Oman menolak.";
        assert_eq!(labels(text, &["AS", "Oman"]), [Label::Loc; 2]);
    }

    #[test]
    fn what_a_street_is_named_after_has_no_vote() {
        let text = "Slamet tiba. Slamet pergi ke Jalan Slamet.";
        let mentions: Vec<Mention> = [(0, Label::Per), (13, Label::Per), (35, Label::Loc)]
            .map(|(at, label)| Mention::new(Span::new(text, at, at + 6).unwrap(), label, 0.7, 0))
            .into();
        assert_eq!(settled(text, &mentions), [Label::Per, Label::Per, Label::Loc]);
    }

    #[test]
    fn dates_do_not_vote() {
        assert_eq!(vote(&[(Label::Date, 1.0), (Label::Loc, 0.6)]), [Label::Date, Label::Loc]);
        assert!(vote(&[]).is_empty());
    }
}
