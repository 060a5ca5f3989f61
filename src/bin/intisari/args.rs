//! The command line, as `--help` shows it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use intisari::document::{Fields, PublisherZone, Unit};

use crate::choice::{plain, EntityModels, SummaryModels, TranslationModels};
use crate::eval::EvalArgs;
use crate::models::ModelsArgs;
#[cfg(feature = "server")]
use crate::serve::ServeArgs;
use crate::shell::{CompletionsArgs, ManArgs};

/// Digests Indonesian news articles: cleaned text, sentences, entities, English translation and summary.
#[derive(Debug, Parser)]
#[command(name = "intisari", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  every article was done; with --failures-as-records also where failures became records; whoever read the output went
     away (`| head`)
  1  some articles failed, the others were done (or: a model is not intact); stderr or their records say why
  2  the command line is wrong
  3  nothing could be set up, e.g. a model is missing
  4  results could not be written, e.g. the disk is full, or standard output was closed from the start
SIGTERM, SIGINT and SIGHUP end the program by the signal, after finished records were written.

Environment:
  INTISARI_MODELS  folder for models of your own (default: intisari/models in the user's data folder)
  INTISARI_CACHE   folder for fetched base weights (default: intisari in the user's cache folder)

No command opens a network connection, but `models fetch` and `serve` where they are built in.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do everything: clean, split, find entities, translate, summarize, check.
    #[command(after_help = DIGEST_EXAMPLES)]
    Digest(DigestArgs),
    /// Remove boilerplate; print what is left.
    Clean(StageArgs),
    /// Clean and print one sentence a line.
    Split(StageArgs),
    /// Find people, places, organizations, dates and quantities.
    #[command(after_help = NER_EXAMPLES)]
    Ner(NerArgs),
    /// Translate every sentence into English.
    #[command(after_help = TRANSLATE_EXAMPLES)]
    Translate(TranslateArgs),
    /// Print a short English summary.
    #[command(after_help = SUMMARIZE_EXAMPLES)]
    Summarize(SummarizeArgs),
    /// Score predictions or models on annotated sets.
    #[command(after_help = EVAL_EXAMPLES)]
    Eval(EvalArgs),
    /// List the models, add your own, check and remove them.
    #[command(after_help = MODELS_EXAMPLES)]
    Models(ModelsArgs),
    /// Serve digests over HTTP, with a page to paste articles into.
    #[cfg(feature = "server")]
    #[command(after_help = SERVE_EXAMPLES)]
    Serve(Box<ServeArgs>),
    /// Says that this build has no server.
    #[cfg(not(feature = "server"))]
    #[command(hide = true, disable_help_flag = true)]
    Serve(NoServer),
    /// Print what makes a shell complete these commands: bash, zsh, fish and others.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Write the pages of the manual into a folder.
    Man(ManArgs),
}

/// Whatever is asked of a server that is not there.
#[cfg(not(feature = "server"))]
#[derive(Debug, clap::Args)]
pub struct NoServer {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    _rest: Vec<std::ffi::OsString>,
}

const DIGEST_EXAMPLES: &str = "\
Examples:
  intisari digest article.txt                     read it on the terminal
  intisari digest *.txt > digests.jsonl           one JSON object per article
  intisari digest --fast news.jsonl > out.jsonl   translate only the summary
  intisari digest --format html *.txt > page.html read and check it in the browser
  intisari digest --ner ner-news article.txt      with a model of your own (`intisari models add`)
  intisari digest --translator opus-mt-id-en --summarizer distilbart-cnn-6-6 article.txt
  zcat news.jsonl.gz | intisari digest - | jq .summary.text
  intisari digest --resume out.jsonl news.jsonl   go on after a stop; the same command starts and resumes
  intisari digest --text-field isi --date-field tanggal --zone WITA berita.csv
  parallel -k --pipe -N 100 -j 2 intisari digest --threads 1 --input-form jsonl - < news.jsonl > out.jsonl";

const NER_EXAMPLES: &str = "\
Examples:
  intisari ner article.txt                              names, dates and sums, with their values
  intisari ner --format conll news.jsonl > words.tsv    a word a line, IOB2 tags
  intisari ner --ner rules article.txt                  dates and sums alone, without a model
  intisari ner --ner ./checkpoint-900 article.txt       a model of your own, from a folder
  intisari ner --ner ner-news --device cuda:0 --precision f16 news.jsonl > out.jsonl";

const TRANSLATE_EXAMPLES: &str = "\
Examples:
  intisari translate article.txt                        each sentence and its English
  intisari translate --translator opus-mt-id-en article.txt
  intisari translate --translator ./my-adapter article.txt
  intisari translate --beams 1 news.jsonl > out.jsonl   twice as fast, a little worse
  intisari translate --glossary terms.tsv article.txt   with the terms of your newsroom
  intisari translate --precision translator=f32 news.jsonl > out.jsonl";

const SUMMARIZE_EXAMPLES: &str = "\
Examples:
  intisari summarize article.txt                        four sentences at most
  intisari summarize --sentences 2 *.txt
  intisari summarize --summarizer ./distilbart-cnn-6-6 article.txt";

const EVAL_EXAMPLES: &str = "\
Examples:
  intisari eval ner test.tsv --report page              run the built-in model, write a page about it
  intisari eval ner articles.jsonl                      the same on whole articles, or an export of doccano
  intisari eval ner test.tsv --predictions mine.tsv --against theirs.tsv
  intisari eval translation test.id test.en --predictions output.en
  intisari eval translation test.id test.en --precision f32 --save f32.en
  intisari eval translation test.id test.en --save int8.en --against f32.en
  intisari eval summary test.jsonl --predictions output.jsonl --against-method lead
  intisari eval sentences test.conllu --against-naive
  intisari eval clean articles.jsonl --format json";

#[cfg(feature = "server")]
const SERVE_EXAMPLES: &str = "\
Examples:
  intisari serve                                      on this machine only: http://127.0.0.1:8017/
  intisari serve --listen 0.0.0.0:8017 --token-file token
  curl -T article.txt -X POST -H 'Content-Type: text/plain' 'http://127.0.0.1:8017/v1/digest?offsets=chars'
  curl -T news.jsonl -X POST -H 'Content-Type: application/x-ndjson' http://127.0.0.1:8017/v1/ner > out.jsonl";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  intisari completions bash > ~/.local/share/bash-completion/completions/intisari
  intisari completions zsh > ~/.zfunc/_intisari
  intisari completions fish > ~/.config/fish/completions/intisari.fish";

const MODELS_EXAMPLES: &str = "\
Examples:
  intisari models                                     what there is, with licence and checksums
  intisari models add opus-mt-id-en ~/opus-mt-id-en   keep a model that you downloaded
  intisari models fetch facebook/m2m100_418M@main     fetch one, where the binary can
  intisari models verify                              check all files by sha256
  intisari models remove opus-mt-id-en";

/// How the English is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct EnglishArgs {
    /// Leave dates, clock times, sums, measures and verdicts (`[SALAH]`) that the translator copied as the source writes them: `(14/7/2025)` and
    /// not `(14 July 2025)`.
    #[arg(long)]
    pub source_dates: bool,
}

#[derive(Debug, Args)]
pub struct NerArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    #[command(flatten)]
    pub models: EntityModels,
}

#[derive(Debug, Args)]
pub struct TranslateArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    #[command(flatten)]
    pub english: EnglishArgs,
    #[command(flatten)]
    pub models: TranslationModels,
}

#[derive(Debug, Args)]
pub struct DigestArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    #[command(flatten)]
    pub english: EnglishArgs,
    #[command(flatten)]
    pub models: SummaryModels,
    /// Translate only the sentences of the summary: several times faster.
    #[arg(long, conflicts_with = "summarizer")]
    pub fast: bool,
    /// Sentences of the summary at most; a model of your own keeps to its own length.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(conflicts_with = "summarizer")]
    pub sentences: u16,
}

#[derive(Debug, Args)]
pub struct SummarizeArgs {
    #[command(flatten)]
    pub stage: StageArgs,
    #[command(flatten)]
    pub english: EnglishArgs,
    #[command(flatten)]
    pub models: SummaryModels,
    /// Sentences of the summary at most; a model of your own keeps to its own length.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    #[arg(conflicts_with = "summarizer")]
    pub sentences: u16,
}

#[derive(Debug, Args)]
pub struct StageArgs {
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    /// Articles that are worked on together.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub batch: u16,
    /// Threads of the models (default: one per core).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// Bytes of an article at most; a longer one fails, and the others go on.
    #[arg(long, value_name = "N", default_value_t = 16 << 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=crate::input::MAX_BYTES as i64))]
    pub max_article_bytes: u32,
    /// Seconds that an article may take; one that takes longer fails, and the others go on (default: no limit).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_article_seconds: Option<u32>,
    /// End with 0 where each failure became a record in the output. A file that could not be read to its end still
    /// ends with 1.
    #[arg(long)]
    pub failures_as_records: bool,
    /// No progress bar and no warnings; failures are told where the form has no records for them (text, conll).
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// Articles; `-` or nothing reads standard input. A file is one article, or records: JSON Lines, JSON, CSV, TSV.
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How to read them; `auto` looks at the beginning, then at the end of the name. For streams it is best to say it.
    #[arg(long, visible_alias = "input", value_enum, value_name = "FORM", default_value_t = InputForm::Auto)]
    pub input_form: InputForm,
    /// Field or column with the text, a string or a list of paragraphs; `a.b` is field `b` within `a` (default: the first of
    /// text, content, body, isi, berita and other usual names).
    #[arg(long, value_name = "FIELD")]
    pub text_field: Option<String>,
    /// Field with the id (default: id, _id and the like; where there is none, file and line are the id).
    #[arg(long, value_name = "FIELD")]
    pub id_field: Option<String>,
    /// Field with the headline (default: title, judul, headline and the like).
    #[arg(long, value_name = "FIELD")]
    pub title_field: Option<String>,
    /// Field with the day of publication, in any usual form (default: the first with a date of date, tanggal, published_at
    /// and the like).
    #[arg(long, value_name = "FIELD")]
    pub date_field: Option<String>,
    /// Field with publisher or address (default: source, url, link, sumber and the like).
    #[arg(long, value_name = "FIELD")]
    pub source_field: Option<String>,
    /// By whose clock articles are dated: WIB, WITA, WIT, an offset, or a name such as Asia/Makassar.
    #[arg(long, value_name = "ZONE", default_value = "WIB", value_parser = zone)]
    pub zone: PublisherZone,
    /// Stands before ids that are made of file and line, also of failures, so that those of several processes differ.
    #[arg(long, value_name = "TEXT")]
    pub id_prefix: Option<String>,
}

impl InputArgs {
    /// The options that name fields, and what they name.
    pub fn named_fields(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("--text-field", self.text_field.as_deref()),
            ("--id-field", self.id_field.as_deref()),
            ("--title-field", self.title_field.as_deref()),
            ("--date-field", self.date_field.as_deref()),
            ("--source-field", self.source_field.as_deref()),
        ]
    }

    /// The fields of a record.
    pub fn fields(&self) -> Fields {
        Fields {
            id: self.id_field.clone(),
            title: self.title_field.clone(),
            date: self.date_field.clone(),
            source: self.source_field.clone(),
            text: self.text_field.clone(),
            zone: self.zone.clone(),
        }
    }
}

fn zone(name: &str) -> Result<PublisherZone, String> {
    name.parse().map_err(|error| plain(&error))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputForm {
    /// As it looks.
    Auto,
    /// One article a file.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// JSON objects over any number of lines, or a list of them.
    Json,
    /// A header and rows, with commas, semicolons or `|`; cells with quotation marks may hold line breaks.
    Csv,
    /// The same with tabs.
    Tsv,
}

#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How to print (default: text on a terminal, jsonl in a pipe or file).
    #[arg(long, short, value_enum)]
    pub format: Option<OutputForm>,
    /// What offsets in JSON count.
    #[arg(long, value_enum, default_value_t = OffsetUnit::Bytes)]
    pub offsets: OffsetUnit,
    /// Write JSON Lines into this file and go on where it ends: articles that are there are left out, failures are tried again,
    /// a torn last line is taken away. The same command can be run again until it is done. Records that were made with other
    /// options, or whose article the input has otherwise, are not gone on with.
    #[arg(long, value_name = "OUT")]
    pub resume: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputForm {
    /// For a person.
    Text,
    /// Indented JSON, one object after the other.
    Json,
    /// One JSON object a line, one line per article, in order; failures are {"id", "error"}.
    Jsonl,
    /// Words and IOB2 tags, for commands that look for entities.
    Conll,
    /// One page for the browser, which needs no network: `intisari digest --format html *.txt > page.html`.
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OffsetUnit {
    /// Bytes of UTF-8.
    Bytes,
    /// Characters, as Python counts.
    Chars,
    /// UTF-16 units, as JavaScript and Java count.
    Utf16,
}

impl From<OffsetUnit> for Unit {
    fn from(unit: OffsetUnit) -> Self {
        match unit {
            OffsetUnit::Bytes => Unit::Bytes,
            OffsetUnit::Chars => Unit::Chars,
            OffsetUnit::Utf16 => Unit::Utf16,
        }
    }
}
