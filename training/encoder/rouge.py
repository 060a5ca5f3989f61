"""ROUGE-1, -2 and -L F1 as the IndoSum paper scores: lower case, no punctuation, digits as 0, no stemming.

ROUGE-L is the longest common subsequence of the whole texts, sentence ends ignored.
"""
import re
from collections import Counter

WORDS = re.compile(r"[^\W_]+")
DIGIT = re.compile(r"\d")


def words(text: str) -> list[str]:
    return WORDS.findall(DIGIT.sub("0", text.lower()))


def f1(common: int, produced: int, wanted: int) -> float:
    return 2 * common / (produced + wanted) if common else 0.0


def overlap(produced: list[str], wanted: list[str], n: int) -> float:
    left, right = (Counter(zip(*(text[i:] for i in range(n)))) for text in (produced, wanted))
    return f1(sum((left & right).values()), left.total(), right.total())


def longest_common(a: list[str], b: list[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def rouge(produced: str, wanted: str) -> tuple[float, float, float]:
    """F1 of ROUGE-1, ROUGE-2 and ROUGE-L, from 0 to 1."""
    a, b = words(produced), words(wanted)
    return overlap(a, b, 1), overlap(a, b, 2), f1(longest_common(a, b), len(a), len(b))
