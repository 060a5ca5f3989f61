//! Runs a pipeline over the inputs and prints results as they come.

use std::collections::VecDeque;
use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intisari::document::{Document, Flag, FlagKind};
use intisari::{Article, Event, Pipeline, Progress};

use crate::args::{InputArgs, OutputForm, StageArgs};
use crate::exit;
use crate::feed::Feed;
use crate::input::{Failure, Incoming, Item};
use crate::output::Out;
use crate::print::Printer;
use crate::signals;

/// Where results go, and in which form.
pub struct Target {
    pub out: Out,
    pub printer: Printer,
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
        let batch = match feed.batch() {
            Ok(batch) => batch,
            Err(message) => {
                bar.suspend(|| warn(&message));
                return ExitCode::from(exit::SETUP);
            }
        };
        if batch.is_empty() {
            break;
        }
        if !args.quiet {
            bar.suspend(|| remarks.see(&batch, &args.input));
        }
        let articles = batch.iter().flatten().count();
        // Of one article it is not known whether another follows before it is done.
        let printer = &mut target.printer;
        let mut several = || !printer.first || articles > 1 || articles == 1 && feed.goes_on();
        printer.headings = printer.headings || printer.form == OutputForm::Text && several();
        for result in digest(pipeline, batch, Progress::new(&callback)) {
            match &result {
                Err(failure) => {
                    failed += 1;
                    kept &= !failure.rest_lost && target.printer.has_failures();
                    if !args.quiet || !target.printer.has_failures() {
                        bar.suspend(|| warn(&format!("{}: {}", failure.id, failure.message)));
                    }
                }
                Ok(document) if !args.quiet => bar.suspend(|| {
                    let id = &document.article.id;
                    target.printer.beside(document).iter().for_each(|flag| warn(&format!("{id}: {flag}")));
                }),
                Ok(_) => {}
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

    /// A terminal gets each result at once. A failure of which there is a record gets no second one.
    fn print(&mut self, result: &Result<Document, Failure>) -> io::Result<()> {
        if result.as_ref().is_err_and(|failure| failure.recorded) {
            return Ok(());
        }
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
    let order: Vec<Result<(Vec<Flag>, bool), Failure>> = batch
        .into_iter()
        .map(|item| {
            item.map(|Incoming { article, flags, recorded, .. }| {
                articles.push(article);
                (flags, recorded)
            })
        })
        .collect();
    let mut results: VecDeque<_> = pipeline.run_batch_with(&articles, progress).into();
    order.into_iter().map(move |item| {
        let (flags, recorded) = item?;
        let lost = || Err(intisari::Error::unusable("", "no result came back; report this with the article"));
        let mut document = results
            .pop_front()
            .unwrap_or_else(lost)
            .map_err(|error| Failure { recorded, ..Failure::from(error) })?;
        document.flags.extend(flags);
        Ok(document)
    })
}

/// What is said about the fields of records, once.
#[derive(Default)]
struct Remarks {
    text_field: bool,
    plain_text: bool,
    records: bool,
    ids: bool,
    titles: bool,
    dates: bool,
    sources: bool,
}

impl Remarks {
    fn see(&mut self, batch: &[Item], args: &InputArgs) {
        for incoming in batch.iter().flatten() {
            let Some(text_field) = &incoming.text_field else {
                self.see_plain_text(&incoming.article.id, args);
                continue;
            };
            let flagged = |kind| incoming.flags.iter().any(|flag| flag.kind == kind);
            self.records = true;
            self.ids |= !flagged(FlagKind::UnusableId);
            self.titles |= incoming.article.title.is_some();
            self.dates |= incoming.article.date.is_some() || flagged(FlagKind::UnreadableDate);
            self.sources |= incoming.article.source.is_some();
            if !self.text_field && args.text_field.is_none() && text_field != "text" {
                self.text_field = true;
                warn(&format!(
                    "articles are taken from the field `{text_field}`; --text-field names another"
                ));
            }
        }
    }

    fn see_plain_text(&mut self, id: &str, args: &InputArgs) {
        let option = args.named_fields().into_iter().find_map(|(option, field)| field.map(|_| option));
        if let Some(option) = option.filter(|_| !self.plain_text) {
            self.plain_text = true;
            warn(&format!(
                "{id} is read as plain text, which has no fields: {option} does nothing there; see --input-form"
            ));
        }
    }

    /// A name that was misspelled is found nowhere.
    fn at_the_end(&self, args: &InputArgs) {
        for (option, name) in args.named_fields() {
            let seen = match option {
                "--id-field" => self.ids,
                "--title-field" => self.titles,
                "--date-field" => self.dates,
                "--source-field" => self.sources,
                // What has no text is a failure.
                _ => true,
            };
            if let Some(name) = name.filter(|_| self.records && !seen) {
                let what = if option == "--id-field" { "an id" } else { "anything" };
                warn(&format!("no record has {what} in the field `{name}`; look at {option}"));
            }
        }
    }
}

/// Says something on stderr, unless that is gone as well. An id or a field's name gives no orders to the terminal.
pub fn warn(message: &str) {
    // A return would have the line written over.
    let message = intisari::output::visible(message).replace('\r', " ");
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
