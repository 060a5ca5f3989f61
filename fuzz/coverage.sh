#!/usr/bin/env bash
# How much of the code that each target aims at its inputs reach: lines of the files named below, after so many executions with seed 11.
#
#     fuzz/coverage.sh [RUNS] [TARGET …]        # 20000 executions of each where nothing is said
#
# Needs the component llvm-tools of rustup. Only the crate and the targets are instrumented. Whatever stands in these files counts, also what only
# other callers reach, such as accessors and the printing of errors; tests do not.
set -euo pipefail
cd "$(dirname "$0")/.."

aims() {
  case $1 in
    clean) echo src/clean ;;
    split) echo src/sentence ;;
    document) echo src/document src/output/{conll,html,json}* ;;
    reading) echo src/reading ;;
    quantities) echo src/ner/quantity ;;
    grouping) echo src/ner/cluster src/ner/{vote,repeat}.rs ;;
    to_the_letter) echo src/translate/verbatim src/translate/model/{reading,casing,pieces}.rs ;;
    english) echo src/translate/check src/translate/{dates,units}.rs src/translate/glossary ;;
    input) echo src/bin/intisari/input src/document/fields.rs ;;
    sets) echo src/eval/formats src/eval/sets ;;
    gguf) echo src/engine/gguf.rs src/engine/gguf ;;
    adapter | adapter_config) echo src/engine/gemma/adapter.rs ;;
    kept_ids) echo src/translate/model/gemma.rs ;;
    ready_weights) echo src/engine/gemma/prepared.rs ;;
    safetensors | config) echo src/engine/encoder ;;
    card) echo src/store/card.rs ;;
    sentence_pieces) echo src/seq2seq/pieces ;;
    *) echo "no target is called $1" >&2; return 1 ;;
  esac
}

runs=${1:-20000}
shift || true
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
  targets=(clean split document reading quantities grouping to_the_letter english input sets gguf adapter adapter_config kept_ids ready_weights
    safetensors config card sentence_pieces)
fi
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-cov" ] || { echo "llvm-cov is missing: rustup component add llvm-tools" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '#!/bin/sh\nexec "$@" -C instrument-coverage\n' > "$folder/wrapper"
chmod +x "$folder/wrapper"
RUSTC_WORKSPACE_WRAPPER=$folder/wrapper cargo build --quiet --profile fuzz -p intisari-fuzz
program=${CARGO_TARGET_DIR:-target}/fuzz/intisari-fuzz
echo "| target | executions | lines reached | of | share | files |"
echo "| --- | ---: | ---: | ---: | ---: | --- |"
for target in "${targets[@]}"; do
  files=$(aims "$target")
  LLVM_PROFILE_FILE=$folder/$target.profraw "$program" "$target" "$runs" 11 > /dev/null
  "$tools/llvm-profdata" merge -sparse "$folder/$target.profraw" -o "$folder/$target.profdata"
  # shellcheck disable=SC2086 # a list of files
  "$tools/llvm-cov" export -summary-only -instr-profile "$folder/$target.profdata" "$program" --sources $files |
    python3 -c '
import json, sys
target, runs, files = sys.argv[1:]
lines = json.load(sys.stdin)["data"][0]["totals"]["lines"]
covered, count, percent = lines["covered"], lines["count"], lines["percent"]
print(f"| {target} | {int(runs):,} | {covered:,} | {count:,} | {percent:.0f} % | `{files}` |")
' "$target" "$runs" "$files"
done
