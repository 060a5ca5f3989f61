#!/usr/bin/env bash
# One would guess: JSON Lines whose records all have the same fields, null where there is nothing, are read as they are; and where a value
# does not fit the type that was guessed from the first lines, there is an error, as DuckDB gives for a string among numbers.
# What happens: a field that is null in the first 20,480 lines gets the type NULL, and every value after them is read as NULL: no
# error, no warning. The same within an object (`article.date`). A field with one value among those lines is read well, and
# `sample_size = -1` reads all.
# Why it matters: in digests of scraped news a date, a title or a summary can be missing for long, where one source comes after
# the other; the table then says that it is never there. Small files never show it.
#
# Seen with duckdb 2.0.1 (Python package). Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
found=$("$work/venv/bin/python" - "$work/lines.jsonl" <<'PYTHON'
import sys

import duckdb


def dates(first: str, late: str, options: str = "") -> None:
    with open(sys.argv[1], "w") as lines:
        lines.write((first + "\n") * 20_480 + late + "\n")
    source = f"read_json('{sys.argv[1]}', format = 'newline_delimited'{options})"
    try:
        [(lines, dates, type_)] = duckdb.sql(f"SELECT count(*), count(date), any_value(typeof(date)) FROM {source}").fetchall()
        print(f"{lines} lines, {dates} dates, {type_}")
    except duckdb.Error as error:
        print(type(error).__name__)


dates('{"date": null}', '{"date": "2025-07-14"}')
dates('{"date": null}', '{"date": {"year": 2025}}')
dates('{"date": null}', '{"date": "2025-07-14"}', ", sample_size = -1")
dates('{"date": 2025}', '{"date": "entah"}')
PYTHON
)
printf '%s\n' "$found"
expected='20481 lines, 0 dates, "NULL"
20481 lines, 0 dates, "NULL"
20481 lines, 1 dates, DATE
InvalidInputException'
[ "$found" = "$expected" ] || { echo "duckdb says something else now; read the script again" >&2; exit 1; }
