#!/usr/bin/env bash
# One would guess: a JSON string stays a string in a table; JSON has types, and `"007"` says that it is no number.
# What happens: `pandas.read_json(lines=True)` makes numbers of a column whose strings all look like some: `"007"` becomes 7, `"1e3"`
# becomes 1000.0, and of `"9007199254740993"` the last digit changes, since the number is a float. It is the default (`dtype=True`), says
# nothing, and depends on the rows: with one id that has a letter all stay as they are. `dtype=False` keeps them.
# Why it matters: ids of articles are strings that look like numbers. Joined by them, a table finds no article, or another one;
# and a test with ids such as `a1` does not show it.
#
# Seen with pandas 3.1.1. Fails if that changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1
found=$("$work/venv/bin/python" - <<'PYTHON'
import io

import pandas


def ids(*written: str, **options: object) -> None:
    lines = "".join(f'{{"id": "{one}"}}\n' for one in written)
    print([str(one) for one in pandas.read_json(io.StringIO(lines), lines=True, **options)["id"]])


ids("007", "008")
ids("007", "1e3")
ids("9007199254740993", "1.5")
ids("007", "a1")
ids("007", "9007199254740993", dtype=False)
PYTHON
)
printf '%s\n' "$found"
expected="['7', '8']
['7.0', '1000.0']
['9007199254740992.0', '1.5']
['007', 'a1']
['007', '9007199254740993']"
[ "$found" = "$expected" ] || { echo "pandas says something else now; read the script again" >&2; exit 1; }
