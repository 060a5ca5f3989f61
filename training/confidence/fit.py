"""Fit the confidence in English segments on labelled ones, and report how well it and the flags find what is wrong.

usage: python3 fit.py FEATURES.jsonl LABELS.tsv... [--segments SEGMENTS.jsonl] [--write WEIGHTS.json] [--report half]
       python3 fit.py SEGMENTS.tsv [...]

SEGMENTS.tsv is what an earlier call wrote with `--keep`: labels, flags and features of each segment, and not a word of it. FEATURES.jsonl is what `confidence_features measure` prints. LABELS.tsv has `id, label, kind, reason`, the label one of right, shade,
wrong; ids are `ARTICLE:SENTENCE`, or those of SEGMENTS.jsonl, which has `id`, `article`, `source` a line. Articles with odd numbers are
fitted on, the others are reported on with `--report even`; cross-validation over articles chooses the strength of the
regularization and the threshold. Segments read by several people count as wrong where most say so.
"""
import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

PRESENT = Path(__file__).parents[2] / "src/translate/confidence/weights.json"
STRENGTHS = [0.3, 1, 3, 10, 30, 100, 300]
FOLDS = 8
BINS = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001]
# Flags of the check that do not speak of the English.
SILENT = {"guessed_case", "not_indonesian", "not_translated", "doubtful"}
# Flags that there were before the confidence.
BEFORE = {"number_missing", "name_missing", "verbatim_missing", "cut_around_verbatim", "address_added", "copied_source",
          "length_ratio", "stopped_at_limit"}


def read(features: Path, labels: list[Path], segments: Path | None) -> list[dict]:
    rows = [json.loads(line) for line in features.read_text().splitlines()]
    by_place = {f"{row['article']}:{row['sentence']}": row for row in rows}
    by_source = {(row["article"], " ".join(row["source"].split())): row for row in rows}
    named = {}
    if segments:
        for line in segments.read_text().splitlines():
            segment = json.loads(line)
            row = by_source.get((str(segment["article"]), " ".join(segment["source"].split())))
            if row is not None and row["english"] != segment["english"]:
                row["other_english"] = True
            named[str(segment["id"])] = row
    read_by = defaultdict(list)
    for path in labels:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith(("#", "id\t")):
                continue
            parts = (line.split("\t") + ["", "", ""])[:4]
            if parts[1].strip() not in ("right", "shade", "wrong"):
                raise SystemExit(f"{path}:{number}: label {parts[1]!r}; write right, shade or wrong")
            read_by[parts[0].strip()].append((parts[1].strip(), parts[2].strip()))
    found, lost, changed = [], 0, 0
    for name, readings in read_by.items():
        row = named.get(name) if segments else by_place.get(name)
        if row is None or row["features"] is None:
            lost += 1
            continue
        changed += row.get("other_english", False)
        wrong = sum(label == "wrong" for label, _ in readings) * 2 > len(readings)
        kinds = [kind for label, kind in readings if label == "wrong"] or [kind for _, kind in readings]
        found.append({**row, "id": name, "wrong": wrong, "label": Counter(label for label, _ in readings).most_common(1)[0][0],
                      "kind": kinds[0], "odd": is_odd(row["article"])})
    print(f"{len(found)} labelled segments, {lost} without features, {changed} with other English than was read")
    return [row for row in found if not row.get("other_english")]


def is_odd(article: str) -> bool:
    number = re.search(r"\d+", article)
    return bool((int(number.group()) if number else len(article)) % 2)


def read_kept(path: Path) -> list[dict]:
    head, *lines = path.read_text().splitlines()
    *known, = head.split("\t")[:6]
    if known != ["article", "segment", "label", "wrong", "kind", "flags"]:
        raise SystemExit(f"{path}: no table that --keep wrote")
    names = head.split("\t")[6:]
    rows = []
    for line in lines:
        article, place, label, wrong, kind, flags, *values = line.split("\t")
        features = {name: None if value == "" else float(value) for name, value in zip(names, values)}
        rows.append({"id": place, "article": article, "label": label, "wrong": wrong == "1", "kind": kind, "features": features,
                     "flags": [(flag, "") for flag in flags.split(",") if flag], "odd": is_odd(article)})
    print(f"{len(rows)} labelled segments")
    return rows


def keep(path: Path, rows: list[dict]) -> None:
    names = list(rows[0]["features"])
    lines = ["\t".join(["article", "segment", "label", "wrong", "kind", "flags", *names])]
    for row in rows:
        numbers = ["" if row["features"][name] is None else f"{row['features'][name]:.4g}" for name in names]
        lines.append("\t".join([row["article"], row["id"], row["label"], str(int(row["wrong"])), row["kind"], ",".join(kind for kind, _ in row["flags"]), *numbers]))
    path.write_text("\n".join(lines) + "\n")


def fit(x: np.ndarray, y: np.ndarray, strength: float, prior: np.ndarray) -> np.ndarray:
    """Weights and, last, the intercept, by Newton's method; the weights are drawn towards `prior`, the intercept is free."""
    x = np.hstack([x, np.ones((len(x), 1))])
    penalty = np.diag([strength] * (x.shape[1] - 1) + [1e-9])
    w = prior.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) + penalty, x.T @ (p - y) + penalty @ (w - prior))
        w -= step
        if np.abs(step).max() < 1e-9:
            break
    return w


def prior_of(weights: list[dict], names: list[str], scale: np.ndarray) -> np.ndarray:
    """Weights of other segments, for features in these scales; 0 for features that they do not have."""
    known = {feature["name"]: feature["weight"] / feature["scale"] for feature in weights}
    return np.array([known.get(name, 0.0) * width for name, width in zip(names, scale)] + [0.0])


def apply(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(x @ w[:-1] + w[-1])))


def values(rows: list[dict], names: list[str]) -> np.ndarray:
    """What is not known is no number."""
    return np.array([[np.nan if row["features"][name] is None else row["features"][name] for name in names] for row in rows], float)


def scaled(x: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return np.nan_to_num((x - mean) / scale).clip(-4, 4)


def area(p: np.ndarray, right: np.ndarray) -> float:
    """Area under the ROC curve: how often a right segment has more confidence than a wrong one."""
    ours, theirs = p[right > 0], p[right == 0]
    return float(np.mean((ours[:, None] > theirs[None]) + 0.5 * (ours[:, None] == theirs[None])))


def flagged_by(row: dict, kinds: set[str] | None = None) -> bool:
    return any(kind not in SILENT and (kinds is None or kind in kinds) for kind, _ in row["flags"])


def figures(flagged: np.ndarray, wrong: np.ndarray) -> str:
    hit = int((flagged & wrong).sum())
    found, precise = hit / max(1, wrong.sum()), hit / max(1, flagged.sum())
    return f"{int(flagged.sum()):4d} flagged, {hit:4d} of them wrong: {precise:5.1%} of the flagged are wrong, {found:5.1%} of the wrong are flagged"


def report(rows: list[dict], p: np.ndarray, threshold: float) -> None:
    wrong = np.array([row["wrong"] for row in rows])
    print(f"{len(rows)} segments, {dict(Counter(row['label'] for row in rows))}")
    print(f"area under ROC {area(p, 1 - wrong):.3f}, log loss {-np.mean(np.log(np.where(wrong, 1 - p, p).clip(1e-6))):.3f}, Brier "
          f"{np.mean((p - (1 - wrong)) ** 2):.3f}")
    doubtful = p < threshold
    checks = np.array([flagged_by(row) for row in rows])
    # Repetition of phrases in a row was a flag before; of groups of words it was not, and is counted as new.
    before = np.array([flagged_by(row, BEFORE) for row in rows])
    print("flags before      ", figures(before, wrong))
    print("all checks        ", figures(checks, wrong))
    print("doubtful          ", figures(doubtful, wrong))
    print("checks or doubtful", figures(checks | doubtful, wrong))
    print("by kind of flag:")
    kinds = sorted({kind for row in rows for kind, _ in row["flags"]})
    for kind in kinds:
        print(f"  {kind:22}", figures(np.array([any(k == kind for k, _ in row["flags"]) for row in rows]), wrong))
    print("by kind of error: wrong, flagged before, by checks, doubtful, either")
    for kind, _ in Counter(row["kind"] for row in rows if row["wrong"]).most_common():
        of = np.array([row["wrong"] and row["kind"] == kind for row in rows])
        print(f"  {kind or '?':22} {of.sum():4d} {(of & before).sum():4d} {(of & checks).sum():4d} {(of & doubtful).sum():4d} "
              f"{(of & (checks | doubtful)).sum():4d}")
    print("reliability: confidence from, to, segments, mean confidence, share not wrong")
    error = 0.0
    for low, high in zip(BINS, BINS[1:]):
        inside = (p >= low) & (p < high)
        if inside.any():
            print(f"  {low:.1f} {min(high, 1):.1f} {inside.sum():4d} {p[inside].mean():.3f} {1 - wrong[inside].mean():.3f}")
            error += inside.sum() * abs(p[inside].mean() - (1 - wrong[inside].mean()))
    print(f"expected calibration error {error / len(rows):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("features", type=Path)
    parser.add_argument("labels", type=Path, nargs="*")
    parser.add_argument("--keep", type=Path, help="where labels and features go, to fit from them again")
    parser.add_argument("--segments", type=Path)
    parser.add_argument("--write", type=Path, help="where the weights go; without it nothing is fitted anew with --present")
    parser.add_argument("--present", action="store_true", help="report on the confidence that the features came with")
    parser.add_argument("--report", choices=["odd", "even", "all"], default="odd")
    parser.add_argument("--threshold", type=float, help="instead of the one that is chosen")
    parser.add_argument("--drop", nargs="*", default=[], help="features to leave out")
    parser.add_argument("--fit-on", choices=["odd", "all"], default="odd")
    parser.add_argument("--say", default="labelled segments of odd articles", help="what the weights say they were fitted on")
    parser.add_argument("--list", choices=["missed", "false", "flags"], help="print segments of the odd articles for reading")
    parser.add_argument("--prior", type=Path, help="weights of other segments, towards which the new ones are drawn, rather than towards 0")
    options = parser.parse_args()

    kept = options.features.suffix == ".tsv"
    if kept == bool(options.labels) or (kept and (options.present or options.list)):
        parser.error("name features in .jsonl with their labels, or segments in .tsv, which have no words and no confidence of their own")
    rows = read_kept(options.features) if kept else read(options.features, options.labels, options.segments)
    if options.keep:
        keep(options.keep, rows)
    names = [name for name in rows[0]["features"] if name not in options.drop]
    reported = [row for row in rows if options.report == "all" or row["odd"] == (options.report == "odd")]
    if options.present:
        threshold = options.threshold or json.loads(PRESENT.read_text())["threshold"]
        report(reported, np.array([row["confidence"] for row in reported]), threshold)
        return

    train = [row for row in rows if row["odd"] or options.fit_on == "all"]
    raw = values(train, names)
    mean, scale = np.nanmean(raw, 0), np.nanstd(raw, 0)
    varies = scale > 1e-6
    names = [name for name, varied in zip(names, varies) if varied]
    raw, mean, scale = raw[:, varies], mean[varies], scale[varies]
    x, y = scaled(raw, mean, scale), np.array([not row["wrong"] for row in train], float)
    prior = prior_of(json.loads(options.prior.read_text())["features"] if options.prior else [], names, scale)
    articles = sorted({row["article"] for row in train})
    fold = np.array([articles.index(row["article"]) % FOLDS for row in train])

    def held_out(strength: float) -> np.ndarray:
        p = np.zeros(len(y))
        for k in range(FOLDS):
            if (fold == k).any():
                p[fold == k] = apply(x[fold == k], fit(x[fold != k], y[fold != k], strength, prior))
        return p

    losses = {strength: -np.mean(np.log(np.where(y > 0, held_out(strength), 1 - held_out(strength)).clip(1e-6))) for strength in STRENGTHS}
    strength = min(losses, key=losses.get)
    print("cross-validated log loss by strength:", {k: round(float(v), 4) for k, v in losses.items()}, "taken:", strength)
    p = held_out(strength)
    checks = np.array([flagged_by(row) for row in train])
    wrong = y == 0
    print("threshold, cross-validated: doubtful alone | with the checks")
    best = (0.0, 0.5)
    for threshold in np.arange(0.2, 0.81, 0.025):
        doubtful, either = p < threshold, checks | (p < threshold)
        found = (doubtful & wrong).sum() / max(1, wrong.sum())
        precise = (doubtful & wrong).sum() / max(1, doubtful.sum())
        print(f"  {threshold:.3f}", figures(doubtful, wrong), "|", figures(either, wrong))
        # Both are to be high: the lesser of the two counts.
        best = max(best, (min(found, precise), float(threshold)))
    threshold = options.threshold or round(best[1], 3)
    print("threshold taken:", threshold)
    w = fit(x, y, strength, prior)
    for name, weight in sorted(zip(names, w[:-1]), key=lambda pair: -abs(pair[1])):
        print(f"  {name:22} {weight:+.3f}")
    if options.list:
        for row, confidence in zip(train, p):
            flagged = flagged_by(row) or confidence < threshold
            if (options.list == "flags" and flagged_by(row)) or (options.list == "missed" and row["wrong"] and not flagged) or (
                    options.list == "false" and not row["wrong"] and flagged):
                print("\n".join([f"[{row['id']}] {row['label']} {row['kind']} {confidence:.2f} {row['flags']}", f"  {row['source']}", f"  {row['english']}"]))
        return
    if options.report == "odd":
        print("\ncross-validated on the articles that it is fitted on:")
        report(train, p, threshold)
    else:
        print(f"\non {options.report} articles:")
        report(reported, apply(scaled(values(reported, names), mean, scale), w), threshold)
    if options.write:
        features = [{"name": name, "mean": round(float(m), 5), "scale": round(float(s), 5), "weight": round(float(v), 4)}
                    for name, m, s, v in zip(names, mean, scale, w)]
        head = {"fitted_on": f"{len(train)} {options.say}", "threshold": round(float(threshold), 3), "intercept": round(float(w[-1]), 4)}
        lines = ",\n".join("    " + json.dumps(feature) for feature in features)
        body = json.dumps(head, indent=2).removesuffix("\n}")
        options.write.write_text(f"{body},\n  \"features\": [\n{lines}\n  ]\n}}\n")


if __name__ == "__main__":
    main()
