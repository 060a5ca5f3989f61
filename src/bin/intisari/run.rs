//! Runs a pipeline over the inputs and prints results as they come.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intisari::document::{Document, Flag, FlagKind};
use intisari::{Article, Event, Pipeline, Progress};

use crate::args::{InputArgs, StageArgs};
use crate::exit;
use crate::feed::Feed;
use crate::input::{Failure, Incoming, Item};
use crate::output::Out;
use crate::print::Printer;
use crate::resume::Made;
use crate::signals;

/// Where results go, and in which form.
pub struct Target {
    pub out: Out,
    pub printer: Printer,
    /// How the records were made that are there already.
    pub made: Option<Made>,
}

/// Digests all articles of `feed`; the exit code says whether some failed.
pub fn run(pipeline: &Pipeline, args: &StageArgs, mut feed: Feed, mut target: Target) -> ExitCode {
    signals::flush_first(&target.out);
    if let Err(error) = target.write(Printer::start) {
        return target.out.failed(&error);
    }
    let bar = bar(args.quiet);
    let callback = |event: Event| {
        bar.set_message(format!("{} {}/{}", event.stage, event.done, event.total));
        ControlFlow::Continue(())
    };
    let mut remarks = Remarks::default();
    let (mut done, mut failed, mut kept) = (0_u64, 0_u64, true);
    loop {
        let batch = feed.batch();
        if batch.is_empty() {
            break;
        }
        if !args.quiet {
            bar.suspend(|| remarks.see(&batch, &args.input));
        }
        for result in digest(pipeline, batch, Progress::new(&callback)) {
            match &result {
                Err(failure) => {
                    failed += 1;
                    kept &= !failure.rest_lost && target.printer.has_failures();
                    if !args.quiet {
                        bar.suspend(|| warn(&format!("{}: {}", failure.id, failure.message)));
                    }
                }
                Ok(document) => {
                    if target.made.take().is_some_and(|made| !made.fits(document, target.printer.unit)) {
                        warn(
                            "the records of the file were made with other options, models or version; \
                             write to another file",
                        );
                        return ExitCode::from(exit::SETUP);
                    }
                }
            }
            done += 1;
            bar.set_position(done);
            if let Err(error) = bar.suspend(|| target.print(&result)) {
                return target.out.failed(&error);
            }
        }
        if let Err(error) = target.out.flush() {
            return target.out.failed(&error);
        }
    }
    bar.finish_and_clear();
    if let Err(error) = target.write(Printer::end).and_then(|()| target.out.flush()) {
        return target.out.failed(&error);
    }
    if !args.quiet {
        remarks.at_the_end(&args.input);
        if failed > 0 && done > 1 {
            warn(&format!("{failed} of {done} articles failed"));
        }
    }
    let fine = failed == 0 || (args.failures_as_records && kept);
    ExitCode::from(if fine { 0 } else { exit::SOME_FAILED })
}

impl Target {
    /// Writes what stands around no result.
    pub fn nothing(&self) -> ExitCode {
        let written = self.write(Printer::start).and_then(|()| self.write(Printer::end));
        match written.and_then(|()| self.out.flush()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => self.out.failed(&error),
        }
    }

    /// A terminal gets each result at once.
    fn print(&mut self, result: &Result<Document, Failure>) -> io::Result<()> {
        let mut record = Vec::new();
        self.printer.print(result, &mut record)?;
        self.out.write(&record)?;
        if self.printer.on_terminal {
            self.out.flush()?;
        }
        Ok(())
    }

    /// What stands around the results.
    fn write(&self, part: impl Fn(&Printer, &mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
        let mut text = Vec::new();
        part(&self.printer, &mut text)?;
        self.out.write(&text)
    }
}

/// One result per item, in order; failures of reading stay where they are.
fn digest(
    pipeline: &Pipeline,
    batch: Vec<Item>,
    progress: Progress<'_>,
) -> impl Iterator<Item = Result<Document, Failure>> {
    let mut articles: Vec<Article> = Vec::new();
    let order: Vec<Result<Vec<Flag>, Failure>> = batch
        .into_iter()
        .map(|item| {
            item.map(|Incoming { article, flags, .. }| {
                articles.push(article);
                flags
            })
        })
        .collect();
    let mut results: VecDeque<_> = pipeline.run_batch_with(&articles, progress).into();
    order.into_iter().map(move |item| {
        let flags = item?;
        let lost = || Err(intisari::Error::unusable("", "no result came back; report this with the article"));
        let mut document = results.pop_front().unwrap_or_else(lost)?;
        document.flags.extend(flags);
        Ok(document)
    })
}

/// What is said about the fields of records, once.
#[derive(Default)]
struct Remarks {
    text_field: bool,
    records: bool,
    titles: bool,
    dates: bool,
}

impl Remarks {
    fn see(&mut self, batch: &[Item], args: &InputArgs) {
        for incoming in batch.iter().flatten() {
            let Some(text_field) = &incoming.text_field else { continue };
            self.records = true;
            self.titles |= incoming.article.title.is_some();
            let unreadable = || incoming.flags.iter().any(|flag| flag.kind == FlagKind::UnreadableDate);
            self.dates |= incoming.article.date.is_some() || unreadable();
            if !self.text_field && args.text_field.is_none() && text_field != "text" {
                self.text_field = true;
                warn(&format!(
                    "articles are taken from the field `{text_field}`; --text-field names another"
                ));
            }
        }
    }

    /// A name that was misspelled is found nowhere.
    fn at_the_end(&self, args: &InputArgs) {
        let named = [
            (&args.title_field, self.titles, "--title-field"),
            (&args.date_field, self.dates, "--date-field"),
        ];
        for (name, seen, option) in named {
            if let Some(name) = name.as_ref().filter(|_| self.records && !seen) {
                warn(&format!("no record has anything in the field `{name}`; look at {option}"));
            }
        }
    }
}

/// Says something on stderr, unless that is gone as well.
pub fn warn(message: &str) {
    let _gone = writeln!(io::stderr(), "intisari: {message}");
}

fn bar(quiet: bool) -> ProgressBar {
    if quiet || !io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{spinner} {pos} articles ({per_sec}) {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
