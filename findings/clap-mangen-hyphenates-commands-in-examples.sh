#!/usr/bin/env bash
# One would guess: a page of the manual that is made of a command line shows the examples behind its options as `--help` shows them: a line
# each, to copy from.
# What happens: clap_mangen writes `after_help` as running text. `man` fills and justifies it: blanks grow, a long example goes on in the
# next line, and a word at the edge is hyphenated, also within a name or an option, with a hyphen that looks like the command's own.
# Why it matters: what is copied from the page is another command (`distil-bart-cnn-6-6`), and no test of the text of the
# page shows it, since the hyphen is made by `man`. `.nf` and `.fi` around the section mend it.
#
# Seen with clap 4.6.7, clap_mangen 0.3.3 and GNU groff 1.22.4. Needs groff; fails if that changes.
set -euo pipefail
command -v groff >/dev/null || { echo "groff is missing: not tried"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src"
cat > "$work/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
clap = { version = "=4.6.7", default-features = false, features = ["std", "help"] }
clap_mangen = "=0.3.3"
TOML
cat > "$work/src/main.rs" <<'RUST'
fn main() {
    let example = "Examples:\n  intisari digest --translator opus-mt-id-en --summarizer distilbart-cnn-6-6 article.txt";
    let command = clap::Command::new("intisari").after_help(example);
    clap_mangen::Man::new(command).render(&mut std::io::stdout()).expect("a page");
}
RUST
(cd "$work" && cargo run --quiet) > "$work/page.1"
shown() { groff -man -Tascii "$1" | sed 's/\x1b\[[0-9;]*m//g'; }
shown "$work/page.1" | grep -A3 Examples
shown "$work/page.1" | tr -s ' ' | grep -q 'distil-$' || { echo "clap_mangen writes it otherwise now; read the script again" >&2; exit 1; }
sed 's/^\.SH EXTRA$/&\n.nf/' "$work/page.1" > "$work/lines.1"
shown "$work/lines.1" | grep -q -- '--summarizer distilbart-cnn-6-6 article.txt$'
