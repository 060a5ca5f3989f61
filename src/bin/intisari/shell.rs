//! What a shell and `man` want to know of the commands, made from the command line itself.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory};
use clap_complete::{generate, Shell};
use clap_mangen::Man;

use crate::args::Cli;
use crate::exit;
use crate::output;
use crate::run::warn;

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder for `intisari.1` and a page for each command; it is made where it is not there.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// Prints what makes a shell complete the commands and their options.
pub fn completions(args: &CompletionsArgs) -> ExitCode {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "intisari", &mut script);
    output::print(&script)
}

/// Writes the pages of the manual.
pub fn man(args: &ManArgs) -> ExitCode {
    match pages(&args.folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            warn(&format!("{}: {error}", args.folder.display()));
            ExitCode::from(exit::OUTPUT)
        }
    }
}

fn pages(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut cli = Cli::command().disable_help_subcommand(true);
    // Commands within commands learn their full names.
    cli.build();
    page(&cli, folder)
}

/// Writes the page of a command and those of the commands within it.
fn page(command: &Command, folder: &Path) -> io::Result<()> {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        page(inner, folder)?;
    }
    let man = Man::new(command.clone());
    let mut text = Vec::new();
    man.render(&mut text)?;
    std::fs::write(folder.join(man.get_filename()), as_written(&String::from_utf8_lossy(&text)))
}

/// The page with its examples line by line: `man` would fill them like running text, and put hyphens into commands.
fn as_written(page: &str) -> String {
    let Some((before, examples)) = page.split_once(".SH EXTRA\n") else { return page.to_owned() };
    let (examples, after) = examples.split_at(examples.find(".SH ").unwrap_or(examples.len()));
    format!("{before}.SH NOTES\n.nf\n{examples}.fi\n{after}")
}
