"""Entity span F1 of seqeval 1.2.2: default (as conlleval) and strict IOB2, on random tag sequences."""

import random
import warnings

from seqeval.metrics import classification_report
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

from texts import write

warnings.simplefilter("ignore")
TYPES = ["PER", "LOC", "ORG", "DATE-TIME"]


def random_tags(rng, length, prefixes):
    return [
        "O" if rng.random() < 0.3 else rng.choice(prefixes) + "-" + rng.choice(TYPES[: rng.randrange(1, 5)])
        for _ in range(length)
    ]


def near(rng, tags, prefixes):
    """`tags` with some changed, so that there are matches and near misses."""
    return [t if rng.random() < 0.8 else random_tags(rng, 1, prefixes)[0] for t in tags]


def number(value):
    """Averages over no label at all are NaN in seqeval, zero in ours."""
    return 0.0 if value != value else float(value)


def report(gold, predicted, **options):
    table = classification_report(gold, predicted, output_dict=True, zero_division=0, **options)
    return {
        name: [number(row[k]) for k in ("precision", "recall", "f1-score")] + [int(row["support"])]
        for name, row in table.items()
    }


cases = []
rng = random.Random(5)
for kind in range(60):
    prefixes = ["B", "I"] if kind % 3 < 2 else ["B", "I", "E", "S"]
    gold = [random_tags(rng, rng.randrange(0, 12), prefixes) for _ in range(rng.randrange(1, 8))]
    if kind % 7 == 0:
        gold = [["O"] * len(tags) for tags in gold]
        gold[0] = gold[0] + ["B-PER"]
    predicted = [near(rng, tags, prefixes) for tags in gold]
    if kind % 5 == 0:
        predicted = [["O"] * len(tags) for tags in gold]
    scheme = IOB2 if len(prefixes) == 2 else IOBES
    entities = [[t, s, e + 1] for tags in gold for t, s, e in get_entities(tags)]
    strict = [[e.tag, e.start, e.end] for tags in Entities(gold, scheme).entities for e in tags]
    cases.append(
        {
            "gold": gold,
            "predicted": predicted,
            "scheme": scheme.__name__,
            "default": report(gold, predicted),
            "strict": report(gold, predicted, mode="strict", scheme=scheme),
            "default_entities": entities,
            "strict_entities": strict,
        }
    )
write("span_f1.json", {"cases": cases})

# Schemes that came later have a file of their own: strict entities alone. IOB1 is compared where it is sound, since seqeval then drops
# an entity whose `B-` parts it from nothing.
schemes = []
rng = random.Random(6)
for kind in range(40):
    scheme = BILOU if kind % 2 else IOB1
    if scheme is BILOU:
        tags = random_tags(rng, rng.randrange(1, 14), ["B", "I", "L", "U"])
    else:
        tags, previous = [], None
        for _ in range(rng.randrange(1, 14)):
            label = None if rng.random() < 0.3 else rng.choice(TYPES)
            parts = label is not None and label == previous and rng.random() < 0.5
            tags.append("O" if label is None else ("B-" if parts else "I-") + label)
            previous = label
    entities = [[e.tag, e.start, e.end] for e in Entities([tags], scheme).entities[0]]
    schemes.append({"scheme": scheme.__name__, "tags": tags, "entities": entities})
write("schemes.json", {"cases": schemes})
