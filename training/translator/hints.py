"""What stands beside a sentence in the prompt: senses of its rare words, and terms that must be used.

`Words: form = sense / sense; ...` comes from the dictionary and may be wrong for the sentence: the model chooses.
`Terms: form = English; ...` comes from a user's glossary and is obeyed. In training both are there or not there by
chance, words with wrong senses among them, so that the model reads rather than copies.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
SENSES, MOST = 2, 8
CLITICS = ("nya", "lah", "kah", "pun", "ku", "mu")
Hint = tuple[str, list[str]]


def active(form: str) -> str | None:
    """The meN- form of a di- form: `dilucuti` to `melucuti`."""
    root = form.removeprefix("di")
    if root == form or len(root) < 4:
        return None
    prefix, dropped = {
        "p": ("mem", 1), "b": ("mem", 0), "f": ("mem", 0),
        "t": ("men", 1), "d": ("men", 0), "c": ("men", 0), "j": ("men", 0),
        "s": ("meny", 1), "k": ("meng", 1), "g": ("meng", 0), "h": ("meng", 0),
        "a": ("meng", 0), "e": ("meng", 0), "i": ("meng", 0), "o": ("meng", 0), "u": ("meng", 0),
    }.get(root[0], ("me", 0))  # fmt: skip
    return prefix + root[dropped:]


class Dictionary:
    """Forms with their senses and how often they occur in the training text."""

    def __init__(self, path: Path):
        self.entries: dict[str, tuple[list[str], int]] = {}
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                form, senses, seen = line.split("\t")
                self.entries[form] = ([s.strip() for s in senses.split(";")], int(seen))
        self.forms = sorted(self.entries)

    def find(self, word: str) -> tuple[list[str], int] | None:
        """The entry of a word as it stands, else of the word without clitic, of its active, of its single form."""
        if word in self.entries:
            return self.entries[word]
        for clitic in CLITICS:
            bare = word.removesuffix(clitic)
            if bare != word and len(bare) >= 3 and bare in self.entries:
                return self.entries[bare]
        left, _, right = word.partition("-")
        if left == right and left in self.entries:
            return self.entries[left]
        form = active(word)
        return self.entries.get(form) if form else None

    def words(self, source: str, rarer_than: int) -> list[Hint]:
        """Hints for the words of a sentence that occur less than `rarer_than` times in training, at most MOST, rarest first
        chosen, in the order of the text. A capital inside a sentence is a name and gets none."""
        found: dict[str, tuple[int, list[str], int]] = {}
        for match in WORD.finditer(source):
            word = match[0]
            if word[0].isupper() and source[: match.start()].strip(" \"'“”‘’(-") :
                continue
            entry = self.find(word.lower())
            if entry and entry[1] < rarer_than:
                found.setdefault(word.lower(), (entry[1], entry[0][:SENSES], match.start()))
        rarest = sorted(found.items(), key=lambda item: item[1][0])[:MOST]
        return [(form, senses) for form, (_, senses, at) in sorted(rarest, key=lambda item: item[1][2])]


def prompt_lines(words: list[Hint], terms: list[tuple[str, str]]) -> str:
    """The lines between the sentence and `English:`, each with its line end; empty without hints."""
    lines = ""
    if terms:
        lines += "\nTerms: " + "; ".join(f"{a} = {b}" for a, b in terms)
    if words:
        lines += "\nWords: " + "; ".join(f"{a} = {' / '.join(b)}" for a, b in words)
    return lines


class Chance:
    """Hints for training, drawn by chance."""

    LEVELS = (0, 0, 30, 60, 60, 120, 250)
    WRONG, TERM = 0.06, 0.08

    def __init__(self, dictionary: Dictionary, names: list[str], seed: int):
        self.dictionary, self.names = dictionary, names
        self.random = random.Random(seed)

    def draw(self, source: str, target: str) -> tuple[str, str]:
        """The prompt's lines for a pair, and the target, in which a term may have replaced what stood there."""
        level = self.random.choice(self.LEVELS)
        words = []
        for form, senses in self.dictionary.words(source, level) if level else []:
            if self.random.random() < 0.1:
                continue
            if self.random.random() < self.WRONG:
                senses = self.dictionary.entries[self.random.choice(self.dictionary.forms)][0][:SENSES]
            words.append((form, senses))
        terms = []
        if self.random.random() < self.TERM:
            for term, target in self._term(source, target):
                terms.append(term)
                words = [w for w in words if w[0] != term[0].lower()]
        return prompt_lines(words, terms), target

    def _term(self, source: str, target: str) -> Iterable[tuple[tuple[str, str], str]]:
        """A name that both sides share gets another English one; or a sense that the target has, another of its senses."""
        shared = [w for w in set(WORD.findall(source)) & set(WORD.findall(target)) if w[0].isupper() and len(w) > 3]
        shared = [w for w in shared if target.count(w) == 1 and source.count(w) == 1]
        if shared and self.random.random() < 0.5:
            name, other = self.random.choice(sorted(shared)), self.random.choice(self.names)
            yield (name, other), target.replace(name, other)
            return
        options = []
        for form in WORD.findall(source):
            entry = self.dictionary.find(form.lower()) if form[0].islower() else None
            for sense in entry[0] if entry else []:
                pattern = rf"(?<![\w-]){re.escape(sense)}(?![\w-])"
                if "(" not in sense and len(re.findall(pattern, target)) == 1:
                    options.append((form, pattern, sense, [s for s in entry[0] if "(" not in s]))
        if options:
            form, pattern, sense, senses = self.random.choice(options)
            sense = self.random.choice(senses)
            yield (form, sense), re.sub(pattern, lambda _: sense, target)


def names_of(targets: Iterable[str]) -> list[str]:
    """English names of two to five capitalised words, as they occur inside sentences: what a glossary might hold."""
    found = Counter(m for t in targets for m in re.findall(r"(?<=[a-z] )(?:[A-Z][a-z]+ ){1,4}[A-Z][a-z]+", t))
    return sorted(found)


def main() -> None:
    import argparse
    import gzip

    import pairs

    parser = argparse.ArgumentParser(description="Writes forms, senses and counts: the dictionary of the prompt.")
    parser.add_argument("--data", type=Path, required=True, help="folder with mt/dictionary.tsv, mt/train, mt/teacher")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    for name, source in pairs.SOURCES.items():
        with gzip.open(options.data / "mt" / source.folder / f"{name}.id.gz", "rt", encoding="utf-8") as text:
            for line in text:
                counts.update(WORD.findall(line.lower()))
    with open(options.out, "w", encoding="utf-8") as out:
        for line in (options.data / "mt/dictionary.tsv").read_text().splitlines():
            form, _, senses, _ = line.split("\t")
            senses = [re.sub(r" *\([^)]*\)", "", s).strip() for s in senses.split(";")]
            senses = list(dict.fromkeys(s for s in senses if s))
            if senses:
                out.write(f"{form.lower()}\t{'; '.join(senses)}\t{counts[form.lower()]}\n")


if __name__ == "__main__":
    main()
