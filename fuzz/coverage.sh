#!/usr/bin/env bash
# How much of the code that each target aims at its inputs reach: lines of the files named below, after so many executions with seed 11.
#
#     fuzz/coverage.sh [RUNS] [TARGET …]        # 20000 executions of each where nothing is said
#
# Needs the component llvm-tools of rustup. Only the crate and the targets are instrumented. Whatever stands in these files counts, also what only
# other callers reach, such as accessors and the printing of errors; tests do not.
set -euo pipefail
cd "$(dirname "$0")/.."

all=(
  "clean src/clean"
  "split src/sentence"
  "document src/document src/output/conll.rs src/output/html src/output/json.rs"
  "reading src/reading"
  "quantities src/ner/quantity"
  "grouping src/ner/cluster src/ner/vote.rs src/ner/repeat.rs"
  "to_the_letter src/translate/verbatim src/translate/model/reading.rs src/translate/model/casing.rs src/translate/model/pieces.rs"
  "english src/translate/check src/translate/dates.rs src/translate/units.rs src/translate/glossary"
  "input src/bin/intisari/input src/document/fields.rs"
  "sets src/eval/formats src/eval/sets"
  "gguf src/engine/gguf.rs src/engine/gguf"
  "adapter src/engine/gemma/adapter.rs"
  "adapter_config src/engine/gemma/adapter.rs"
  "kept_ids src/translate/model/gemma.rs"
  "ready_weights src/engine/gemma/prepared.rs"
  "safetensors src/engine/encoder"
  "config src/engine/encoder"
  "card src/store/card.rs"
  "sentence_pieces src/seq2seq/pieces"
)

runs=${1:-20000}
shift || true
chosen=()
for row in "${all[@]}"; do
  [ $# = 0 ] || [[ " $* " == *" ${row%% *} "* ]] || continue
  chosen+=("$row")
done
[ $# = 0 ] || [ $# = ${#chosen[@]} ] || { echo "not all of these are targets: $*" >&2; exit 1; }
for row in "${chosen[@]}"; do
  for path in ${row#* }; do
    [ -e "$path" ] || { echo "$path is not there" >&2; exit 1; }
  done
done
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-cov" ] || { echo "llvm-cov is missing: rustup component add llvm-tools" >&2; exit 1; }
target=${CARGO_TARGET_DIR:-target}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Always in one place: cargo builds all anew for another wrapper. Build scripts are instrumented too and write a profile.
wrapper=$(mkdir -p "$target" && cd "$target" && pwd)/with-coverage
printf '#!/bin/sh\nexec "$@" -C instrument-coverage\n' > "$wrapper"
chmod +x "$wrapper"
LLVM_PROFILE_FILE=$folder/build-%p.profraw RUSTC_WORKSPACE_WRAPPER=$wrapper cargo build --quiet --profile fuzz -p intisari-fuzz
program=$target/fuzz/fuzz
echo "| target | executions | lines reached | of | share | files |"
echo "| --- | ---: | ---: | ---: | ---: | --- |"
for row in "${chosen[@]}"; do
  name=${row%% *} files=${row#* }
  LLVM_PROFILE_FILE=$folder/$name.profraw "$program" "$name" "$runs" 11 > /dev/null
  "$tools/llvm-profdata" merge -sparse "$folder/$name.profraw" -o "$folder/$name.profdata"
  # shellcheck disable=SC2086 # a list of files
  "$tools/llvm-cov" export -summary-only -instr-profile "$folder/$name.profdata" "$program" --sources $files |
    python3 -c '
import json, sys
target, runs, files = sys.argv[1:]
lines = json.load(sys.stdin)["data"][0]["totals"]["lines"]
covered, count, percent = lines["covered"], lines["count"], lines["percent"]
print(f"| {target} | {int(runs):,} | {covered:,} | {count:,} | {percent:.0f} % | `{files}` |")
' "$name" "$runs" "$files"
done
