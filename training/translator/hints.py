"""What stands beside a sentence in the prompt: senses of its rare words, and terms that must be used.

`Words: form = sense / sense; ...` comes from the dictionary and may be wrong for the sentence: the model chooses.
`Terms: form = English; ...` comes from a user's glossary or from the list of names, and is obeyed. In training both are there or
not there by chance, words with wrong senses among them, so that the model reads rather than copies.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
TERM_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
SENSES, MOST = 2, 8
LONGEST = 5  # words of a fixed expression
LONGEST_NAME = 9
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
        self.openings = {form.partition(" ")[0] for form in self.forms if " " in form}

    def find(self, word: str) -> tuple[list[str], int] | None:
        """The entry of a word as it stands, else of the word without clitic, of its active, of its single form."""
        found = self._bare(word)
        if found:
            return found
        left, _, right = word.partition("-")
        if left == right and left in self.entries:
            return self.entries[left]
        form = active(word)
        return self.entries.get(form) if form else None

    def _bare(self, form: str) -> tuple[list[str], int] | None:
        """The entry of a form as it stands, else without clitic."""
        if form in self.entries:
            return self.entries[form]
        for clitic in CLITICS:
            bare = form.removesuffix(clitic)
            if bare != form and len(bare) >= 3 and bare in self.entries:
                return self.entries[bare]
        return None

    def _expression(self, words: list[re.Match]) -> tuple[int, tuple[list[str], int]] | None:
        """The longest fixed expression that the words begin with: how many they are, and its entry."""
        if not words or words[0][0].lower() not in self.openings:
            return None
        text, start = words[0].string, words[0].start()
        for count in range(min(LONGEST, len(words)), 1, -1):
            form = text[start : words[count - 1].end()]
            if form == " ".join(word[0] for word in words[:count]):
                entry = self._bare(form.lower())
                if entry:
                    return count, entry
        return None

    def words(self, source: str, rarer_than: int) -> list[Hint]:
        """Hints for the words and fixed expressions of a sentence that occur less than `rarer_than` times in training, at most
        MOST, rarest first chosen, in the order of the text. A capital inside a sentence is a name and gets none."""
        found: dict[str, tuple[int, list[str], int]] = {}
        words, at = list(WORD.finditer(source)), 0
        while at < len(words):
            match, count = words[at], 1
            at += 1
            if match[0][0].isupper() and source[: match.start()].strip(" \"'“”‘’(-") :
                continue
            expression = self._expression(words[at - 1 : at - 1 + LONGEST])
            if expression:
                count, entry = expression
                at += count - 1
            else:
                entry = self.find(match[0].lower())
            if entry and entry[1] < rarer_than:
                form = source[match.start() : words[at - 1].end()].lower()
                found.setdefault(form, (entry[1], entry[0][:SENSES], match.start()))
        rarest = sorted(found.items(), key=lambda item: item[1][0])[:MOST]
        return [(form, senses) for form, (_, senses, at) in sorted(rarest, key=lambda item: item[1][2])]


class Names:
    """Names of public life with their English, and how often they occur in the training text."""

    def __init__(self, path: Path):
        self.entries: dict[str, tuple[str, int]] = {}
        for line in path.read_text().splitlines():
            if line and not line.startswith("#"):
                form, english, seen = line.split("\t")
                self.entries[form] = (english, int(seen))

    def find(self, source: str, rarer_than: int) -> list[tuple[str, str]]:
        """The names of a sentence, the longest of what overlaps, that occur less than `rarer_than` times in training; of
        several with one English the first alone, though it be a frequent one: `Mahkamah Agung (MA)`."""
        found: dict[str, str] = {}
        met: set[str] = set()
        words, at = list(TERM_WORD.finditer(source)), 0
        while at < len(words):
            for count in range(min(LONGEST_NAME, len(words) - at), 0, -1):
                form = source[words[at].start() : words[at + count - 1].end()]
                if form in self.entries:
                    english, seen = self.entries[form]
                    if seen < rarer_than and english not in met:
                        found[english] = form
                    met.add(english)
                    at += count - 1
                    break
            at += 1
        return [(form, english) for english, form in found.items()]


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
    WRONG, TERM, NAMED = 0.06, 0.08, 0.7

    def __init__(self, dictionary: Dictionary, public: Names, names: list[str], seed: int):
        self.dictionary, self.public, self.names = dictionary, public, names
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
        if level and self.random.random() < self.NAMED:
            # What the target calls by another name would teach to pass over the line.
            terms = [(a, b) for a, b in self.public.find(source, level) if b.lower() in target.lower()]
        elif self.random.random() < self.TERM:
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


def occurrences(data: Path, forms: set[str], word: re.Pattern, longest: int, lower: bool) -> Counter[str]:
    """How often forms of several words or one occur in the training text."""
    import pairs

    counts: Counter[str] = Counter()
    openings = {word.match(form)[0] for form in forms if word.match(form)}
    for name, source in pairs.SOURCES.items():
        for line, _ in source.sides(name, data):
            line = line.lower() if lower else line
            words = list(word.finditer(line))
            for at, first in enumerate(words):
                if first[0] in openings:
                    for last in words[at : at + longest]:
                        form = line[first.start() : last.end()]
                        if form in forms:
                            counts[form] += 1
    return counts


def main() -> None:
    import argparse

    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description="Writes forms, English and counts: the dictionary and the names of the prompt.")
    parser.add_argument("--data", type=Path, required=True, help="folder with mt/dictionary.tsv, mt/train, mt/teacher")
    parser.add_argument("--more", type=Path, default=here / "expressions.tsv", help="forms and expressions that the dictionary lacks")
    parser.add_argument("--public", type=Path, default=here / "names.tsv", help="names of public life")
    parser.add_argument("--out", type=Path, required=True, help="the dictionary")
    parser.add_argument("--names-out", type=Path, required=True, help="the names")
    options = parser.parse_args()

    entries: dict[str, list[str]] = {}
    for line in (options.data / "mt/dictionary.tsv").read_text().splitlines():
        form, _, senses, _ = line.split("\t")
        senses = [re.sub(r" *\([^)]*\)", "", s).strip() for s in senses.split(";")]
        entries[form.lower()] = list(dict.fromkeys(s for s in senses if s))
    for form, senses in rows(options.more):
        entries.setdefault(form, [s.strip() for s in senses.split(";")])
    counts = occurrences(options.data, set(entries), WORD, LONGEST, lower=True)
    lines = [f"{form}\t{'; '.join(senses)}\t{counts[form]}\n" for form, senses in entries.items() if senses]
    options.out.write_text("".join(lines), encoding="utf-8")

    public = dict(rows(options.public))
    counts = occurrences(options.data, set(public), TERM_WORD, LONGEST_NAME, lower=False)
    options.names_out.write_text("".join(f"{a}\t{b}\t{counts[a]}\n" for a, b in public.items()), encoding="utf-8")


def rows(path: Path) -> Iterable[tuple[str, str]]:
    """The two columns of a file, comments left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, right = line.split("\t")
            yield left, right


if __name__ == "__main__":
    main()
