//! What a translation copied of dates and numbers, written for English readers.
#![allow(clippy::unwrap_used)] // helpers of tests fail as tests do

mod common;

use common::{fakes, Copies};
use intisari::document::FlagKind;
use intisari::pipeline::Options;
use intisari::translate::{check, for_english_readers, Stop, Translated};
use intisari::Article;
use proptest::prelude::*;

#[test]
fn every_line_of_the_table_is_written_as_it_says() {
    let table = include_str!("data/english_forms.tsv");
    let (mut count, mut wrong) = (0, Vec::new());
    for line in table.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let (source, english) = (columns.first().unwrap(), columns.get(1).unwrap());
        let expected = columns.get(2).unwrap_or(english);
        let found = for_english_readers(source, english);
        count += 1;
        if found != **expected {
            wrong.push(format!("{source}\n    {found}\n    {expected}"));
        }
        // What was written otherwise is the same number to the checks as well.
        let numbers = |text: &str| {
            let english = Translated::new(text, Stop::End);
            let flags = check(source, &english, &[]).into_iter();
            flags
                .filter(|flag| flag.kind == FlagKind::NumberMissing)
                .map(|flag| flag.detail)
                .collect::<Vec<_>>()
        };
        if found != **english && !numbers(&found).is_empty() {
            wrong.push(format!("{source}\n    {found}\n    lacks {:?}", numbers(&found)));
        }
        assert_eq!(for_english_readers(source, &found), found, "written again");
    }
    assert!(count >= 40, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_pipeline_writes_dates_for_english_readers_unless_it_is_told_not_to() {
    let article = Article::new("a", "Pasar Tolare dibuka (14/7/2025).");
    for (english_dates, expected) in
        [(true, "Pasar Tolare dibuka (14 July 2025)."), (false, "Pasar Tolare dibuka (14/7/2025).")]
    {
        let options = Options::default().with_english_dates(english_dates);
        let document = fakes().translator(Copies).options(options).build().unwrap().run(&article).unwrap();
        assert_eq!(document.translation.first().unwrap().text, expected);
        assert_eq!(document.provenance.options["english_dates"], english_dates);
    }
}

proptest! {
    #[test]
    fn any_text_is_written(
        source in "(Senin|14/7/2025|\\(14/7\\)|18[.]35 WIB|Rp|2,5 juta|6,4 ton|1[.]900 orang|5 persen| |[.,]){0,9}|\\PC*",
        english in "(Senin|14/7/2025|\\(14/7\\)|18[.]35 WIB|Rp|2,5 juta|6,4 tons|1[.]900 people|5%| |[.,]|é){0,9}|\\PC*",
    ) {
        let once = for_english_readers(&source, &english);
        // Where the source tells nothing, nothing changes.
        prop_assert_eq!(for_english_readers("", &english), english.clone());
        prop_assert_eq!(once.is_empty(), english.is_empty());
    }
}
