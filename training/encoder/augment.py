"""What an epoch sees: the training sentences as scrapers, headlines and articles would show them."""
import random
from collections import defaultdict

from tokenizers import Tokenizer

from entities import Pieces, Sentence, blanks, encode, running_text

SPACED = 0.15      # sentences left as the sets space them: a blank around every word
UPPER = 0.04       # sentences in capitals
LOWER = 0.04       # sentences in lower case
TITLE = 0.04       # sentences With Every Word Capitalized
GLUED = 0.06       # sentences that lost blanks beside names
LOST_BLANK = 0.4   # chance of each such blank to be lost
RENAMED = 0.12     # mentions replaced by another of the same type and set
JOINED = 0.45      # windows of several sentences
LONGEST = 480      # pieces in a window of several sentences
BESIDE_ARTICLES = 120  # the same where articles are read too: by its length a window tells whose conventions it follows
RUN = 6            # neighbors that are taken together
EXTRA = 1500       # sentences that an epoch takes of each further source
ARTICLE_WINDOWS = [150, 250, 250]  # pieces, about, in a window of sentences of an article


def mentions(tags: list[str]) -> list[tuple[int, int, str]]:
    """(first word, end, type) of each IOB2 mention."""
    found, start = [], None
    for i, tag in enumerate([*tags, "O"]):
        if start is not None and not tag.startswith("I-"):
            found.append((start, i, tags[start][2:]))
            start = None
        if tag.startswith("B-"):
            start = i
    return found


class Augmenter:
    def __init__(self, sentences: list[Sentence], extra: list[list[Sentence]], tokenizer: Tokenizer, seed: int,
                 articles: list[list[Sentence]] | None = None, share: float = 1.0):
        """Every epoch sees all articles, a share of `sentences`, and a part of each list of `extra`, in which neighbors stand together."""
        self.sentences, self.extra, self.tokenizer, self.seed = sentences, extra, tokenizer, seed
        self.articles, self.share = articles or [], share
        self.names: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
        for sentence in sentences:
            for start, end, kind in mentions(sentence.tags):
                self.names[sentence.source, kind].append(sentence.words[start:end])

    def epoch(self, number: int) -> list[Pieces]:
        """The windows of an epoch: its sentences once, alone or among others. The same number gives the same windows."""
        chance = random.Random(f"{self.seed}/{number}")
        starts = range(0, len(self.sentences), RUN)
        chosen = sorted(chance.sample(starts, round(len(starts) * self.share)))
        windows = self.windows([s for start in chosen for s in self.sentences[start:start + RUN]], RENAMED, chance)
        for article in self.articles:
            windows += self.article_windows(article, chance)
        for part in self.extra:
            starts = chance.sample(range(0, len(part), RUN), min(len(part), EXTRA) // RUN)
            windows += self.windows([sentence for start in starts for sentence in part[start:start + RUN]], 0.0, chance)
        return windows

    def windows(self, sentences: list[Sentence], renamed: float, chance: random.Random) -> list[Pieces]:
        changed = [self.vary(sentence, renamed, chance) for sentence in sentences]
        windows, order = [], list(range(len(changed)))
        longest = BESIDE_ARTICLES if self.articles else LONGEST
        if chance.random() < 0.5:  # neighbors of the file or strangers
            chance.shuffle(order)
        at = 0
        while at < len(order):
            count = chance.choice([2, 2, 3, 3, 4, 6, 10]) if chance.random() < JOINED / 2.5 else 1
            group = [changed[i] for i in order[at:at + count]]
            while len(group) > 1 and sum(len(words) for words, _, _ in group) * 1.6 > longest:
                group.pop()
            at += len(group)
            windows.append(self.window(group))
        return windows

    def article_windows(self, sentences: list[Sentence], chance: random.Random) -> list[Pieces]:
        """The sentences of an article in their order, in windows as the crate reads them, and smaller ones."""
        windows, group, room = [], [], 0.0
        for sentence in sentences:
            length = len(sentence.words) * 1.5
            if group and length > room:
                windows.append(self.window(group))
                group = []
            if not group:
                room = chance.choice(ARTICLE_WINDOWS)
            room -= length
            group.append(self.vary(sentence, 0.0, chance))
        return [*windows, self.window(group)] if group else windows

    def window(self, group: list[tuple[list[str], list[str], list[bool]]]) -> Pieces:
        words = [word for part, _, _ in group for word in part]
        tags = [tag for _, part, _ in group for tag in part]
        apart = [blank or (k == 0 and g > 0) for g, (_, _, part) in enumerate(group) for k, blank in enumerate(part)]
        text, starts = running_text(words, apart)
        pieces = encode(self.tokenizer, text, words, starts, tags)
        if len(pieces.ids) > 510:
            pieces = Pieces(pieces.ids[:510] + pieces.ids[-1:], pieces.labels[:510] + [0], pieces.first)
        return pieces

    def vary(self, sentence: Sentence, renamed: float, chance: random.Random) -> tuple[list[str], list[str], list[bool]]:
        words, tags = list(sentence.words), list(sentence.tags)
        for start, end, kind in reversed(mentions(tags)):
            if renamed and chance.random() < renamed:
                name = chance.choice(self.names[sentence.source, kind])
                words[start:end] = name
                tags[start:end] = ["B-" + kind] + ["I-" + kind] * (len(name) - 1)
        if sentence.apart is not None:
            apart = list(sentence.apart)
        else:
            apart = [k > 0 for k in range(len(words))] if chance.random() < SPACED else blanks(words)
        style = chance.random()
        if style < UPPER:
            words = [word.upper() for word in words]
        elif style < UPPER + LOWER:
            words = [word.lower() for word in words]
        elif style < UPPER + LOWER + TITLE:
            words = [word[:1].upper() + word[1:] for word in words]
        elif style < UPPER + LOWER + TITLE + GLUED:
            for k in range(1, len(words)):
                if apart[k] and (tags[k] == "O") != (tags[k - 1] == "O") and chance.random() < LOST_BLANK:
                    apart[k] = False
        return words, tags, apart
