//! Runs a pipeline over the inputs and prints results as they come.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use intisari::document::Document;
use intisari::output;
use intisari::{Event, Pipeline, Progress};

use crate::args::{OutputForm, StageArgs};
use crate::input::{articles, Failure};
use crate::print::{self, View};

/// Digests all articles of `args`; the exit code says whether some failed.
pub fn run(pipeline: &Pipeline, args: &StageArgs, view: View) -> ExitCode {
    let stdout = io::stdout();
    let form =
        args.output.format.unwrap_or(if stdout.is_terminal() { OutputForm::Text } else { OutputForm::Jsonl });
    let color = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut printer =
        print::Printer { form, view, unit: args.output.offsets.into(), color, page: output::Page::new() };
    let mut out = BufWriter::new(stdout.lock());
    if let Err(error) = printer.start(&mut out) {
        return stopped(&error);
    }
    let bar = bar(args.quiet);
    // Flags that reading raised, one entry per item, waiting for their document.
    let read_flags = RefCell::new(VecDeque::new());
    let items = articles(&args.input).map(|item| {
        item.map_or_else(
            |failure| {
                read_flags.borrow_mut().push_back(Vec::new());
                Err(failure)
            },
            |read| {
                read_flags.borrow_mut().push_back(read.flags);
                Ok(read.article)
            },
        )
    });
    let callback = |event: Event| {
        bar.set_message(format!("{} {}/{}", event.stage, event.done, event.total));
        ControlFlow::Continue(())
    };
    let (mut done, mut failed) = (0_u64, 0_u64);
    for result in pipeline.try_run_iter(items, Progress::new(&callback)) {
        let flags = read_flags.borrow_mut().pop_front().unwrap_or_default();
        let result: Result<Document, Failure> = result.map(|mut document| {
            document.flags.extend(flags);
            document
        });
        if let Err(failure) = &result {
            failed += 1;
            if !args.quiet {
                bar.suspend(|| warn(&format!("{}: {}", failure.id, failure.message)));
            }
        }
        done += 1;
        bar.set_position(done);
        let printed =
            bar.suspend(|| printer.print(&result, &mut out).and_then(|()| flush_for_terminal(&mut out)));
        if let Err(error) = printed {
            return stopped(&error);
        }
    }
    bar.finish_and_clear();
    if let Err(error) = printer.end(&mut out).and_then(|()| out.flush()) {
        return stopped(&error);
    }
    if failed > 0 && !args.quiet && done > 1 {
        warn(&format!("{failed} of {done} articles failed"));
    }
    ExitCode::from(u8::from(failed > 0))
}

/// Results reach a pipe batch by batch and a terminal at once.
fn flush_for_terminal(out: &mut impl Write) -> io::Result<()> {
    if io::stdout().is_terminal() {
        out.flush()?;
    }
    Ok(())
}

/// A reader that has gone away (`| head`) is no error.
fn stopped(error: &io::Error) -> ExitCode {
    if error.kind() == io::ErrorKind::BrokenPipe {
        return ExitCode::SUCCESS;
    }
    warn(&format!("writing to standard output: {error}"));
    ExitCode::FAILURE
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
