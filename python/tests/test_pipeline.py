"""What goes in and out, and what happens meanwhile. No test here needs a model."""

from __future__ import annotations

import datetime
import decimal
import io
import json
import multiprocessing
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import intisari

TEXTS = ["Satu. Dua.", "Tiga.", "Empat. Lima. Enam.", "Tujuh.", "Delapan."]


def counts(documents: Any) -> list[int]:
    return [len(document.sentences) for document in documents]


def test_one_gives_one_many_give_many(rules: intisari.Pipeline) -> None:
    assert isinstance(rules.digest(TEXTS[0]), intisari.Document)
    assert rules.digest({"id": 7, "isi": TEXTS[0]}).id == "7"
    documents = rules.digest(TEXTS)
    assert isinstance(documents, list) and counts(documents) == [2, 1, 3, 1, 1]
    assert counts(rules.digest(tuple(TEXTS))) == [2, 1, 3, 1, 1]
    assert [document.id for document in documents] == ["0", "1", "2", "3", "4"]
    assert rules.digest([]) == [] and list(rules.digest(iter([]))) == []


def test_an_iterator_is_read_a_batch_at_a_time(rules: intisari.Pipeline) -> None:
    read: list[str] = []

    def articles() -> Iterator[str]:
        for text in TEXTS:
            read.append(text)
            yield text

    documents = rules.digest(articles())
    assert read == [] and iter(documents) is documents
    assert counts([next(documents)]) == [2] and len(read) == 2
    assert counts([next(documents)]) == [1] and len(read) == 2
    assert counts(documents) == [3, 1, 1] and len(read) == 5
    with pytest.raises(StopIteration):
        next(documents)


def test_what_fails_is_raised_at_its_place_and_costs_no_other(rules: intisari.Pipeline) -> None:
    articles: list[Any] = ["Satu.", {"id": "rusak", "judul": "Tanpa isi"}, None, 5, b"Enam.", "Tujuh. Delapan."]
    documents = rules.digest(iter(articles))
    assert next(documents).id == "0"
    with pytest.raises(intisari.InputError, match=r"article `rusak`: no field `text`.*\(fields: id, judul\).*text_field") as error:
        next(documents)
    assert (error.value.article, error.value.reason.startswith("no field")) == ("rusak", True)
    for place, what in [("2", "None"), ("3", "int"), ("4", "bytes")]:
        with pytest.raises(intisari.InputError, match=rf"article `{place}`: it is .*{what}; give a text"):
            next(documents)
    assert counts(documents) == [2]

    with pytest.raises(intisari.InputError, match="rusak"):
        rules.digest(articles)
    found = rules.digest(articles, errors="return")
    assert [isinstance(one, intisari.Document) for one in found] == [True, False, False, False, False, True]
    assert isinstance(rules.digest({"id": "x"}, errors="return"), intisari.InputError)


def test_an_error_of_reading_comes_behind_what_was_read(rules: intisari.Pipeline) -> None:
    def articles() -> Iterator[str]:
        yield from TEXTS[:3]
        raise ConnectionError("the line is dead")

    documents = rules.digest(articles())
    assert counts([next(documents), next(documents), next(documents)]) == [2, 1, 3]
    with pytest.raises(ConnectionError, match="the line is dead"):
        next(documents)
    assert list(documents) == []


def test_what_would_be_taken_for_many_is_refused(rules: intisari.Pipeline, tmp_path: Path) -> None:
    for wrong, message in [
        (b"Satu.", "decode"),
        (tmp_path, "read_text"),
        (io.StringIO("Satu."), "file.read()"),
        (5, "of the type int"),
        (None, "None"),
    ]:
        with pytest.raises(TypeError, match=message):
            rules.digest(wrong)  # type: ignore[call-overload]
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"text": TEXTS})
    with pytest.raises(TypeError, match="records"):
        rules.digest(table)
    assert counts(rules.digest(table["text"])) == counts(rules.digest(table.to_dict("records"))) == [2, 1, 3, 1, 1]


def test_values_of_python_are_read_as_what_they_mean(rules: intisari.Pipeline) -> None:
    day = datetime.date(2025, 3, 6)
    zone = datetime.timezone.utc
    for date in [day, datetime.datetime(2025, 3, 6, 23, 0), datetime.datetime(2025, 3, 5, 19, 30, tzinfo=zone), 1741203000, "6/3/2025"]:
        document = rules.digest({"text": "Hujan.", "date": date})
        assert (document.date, document.flags) == (day, []), date
    for missing in [None, float("nan")]:
        document = rules.digest({"text": "Hujan.", "date": missing, "title": missing, "id": missing})
        assert (document.date, document.title, document.id, document.flags) == (None, None, "0", [])
    assert rules.digest({"text": ["Hujan.", None, "Reda."]}).text == "Hujan.\n\nReda."
    assert rules.digest({"text": "Hujan.", "id": decimal.Decimal("12345678901234567890.5")}).id == "12345678901234567890.5"
    assert rules.digest({"text": "Hujan.", "id": 2**80}).id == str(2**80)
    assert rules.digest({"text": "Hujan.", "extra": {1, 2}, "file": open}).text == "Hujan."
    numpy = pytest.importorskip("numpy")
    pandas = pytest.importorskip("pandas")
    record = {"text": numpy.array(["Hujan.", "Reda."]), "id": numpy.int64(7), "date": pandas.Timestamp(2025, 3, 6), "title": pandas.NA}
    document = rules.digest(record)
    assert (document.text, document.id, document.date, document.title) == ("Hujan.\n\nReda.", "7", day, None)
    for missing in [pandas.NaT, numpy.datetime64("NaT"), numpy.float64("nan")]:
        assert rules.digest({"text": "Hujan.", "date": missing}).flags == [], missing


def test_text_that_is_no_unicode_fails_alone(rules: intisari.Pipeline) -> None:
    found = rules.digest(["a\ud800", {"id": "b", "text": "\udfff"}, "Satu.", "\0"], errors="return")
    for one, article in zip(found, ["0", "1"]):
        assert isinstance(one, intisari.InputError) and one.article == article and "surrogate" in str(one)
    assert isinstance(found[2], intisari.Document)
    assert isinstance(found[3], intisari.Document) and "control_characters" in [flag.kind for flag in found[3].flags]
    loop: dict[str, Any] = {"text": "Satu."}
    loop["self"] = loop
    with pytest.raises(intisari.InputError, match="holds itself"):
        rules.digest(loop)


def test_named_fields(rules: intisari.Pipeline) -> None:
    pipeline = intisari.Pipeline(entities=False, translate=False, summary=None, text_field="a.b", id_field="nomor")
    document = pipeline.digest({"text": "Bukan.", "a": {"b": "Ini."}, "nomor": 3})
    assert (document.text, document.id) == ("Ini.", "3")
    with pytest.raises(intisari.InputError, match="no field `a.b`"):
        pipeline.digest({"text": "Bukan."})


def test_options_that_cannot_be_are_named() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"batch": 0}, "batch_articles"),
        ({"batch": -1}, "`batch` is -1"),
        ({"sentences": 0, "summary": "lead"}, "`sentences` is 0"),
        ({"sentences": 70_000}, "`sentences` is 70000"),
        ({"threads": 0}, "`threads` is 0"),
        ({"max_article_seconds": 0}, "`max_article_seconds` is 0"),
        ({"offsets": "characters"}, "`offsets` is"),
        ({"summary": "best"}, "salience"),
        ({"entities": "indobert"}, "named by `ner`"),
        ({"entities": True, "precision": "fp16"}, "no precision `fp16`"),
        ({"entities": True, "precision": {"summarizer": "f32"}}, "no stage `summarizer`"),
        ({"entities": True, "ner_labels": {"LAW": "GESETZ"}}, "no label `GESETZ`"),
        ({"entities": True, "ner_threshold": 2}, "`ner_threshold`"),
        ({"zone": "Bogor"}, "Bogor"),
        ({"models": "nowhere", "entities": True}, "no folder nowhere"),
        ({"split": False, "entities": "rules"}, "need sentences"),
        ({"glossary": {"jembatan": "bridge"}}, "a glossary is of use to a translation"),
        ({"translate": True, "glossary": {"": "bridge"}}, "entry 1"),
        ({"fast": True}, "`fast`"),
        # Right in themselves, and of no use: nothing in this pipeline would heed them.
        ({"ner": "./mine"}, "no stage heeds `ner`"),
        ({"entities": "rules", "ner": "./mine", "ner_threshold": 0.5}, "no stage heeds `ner`"),
        ({"entities": "rules", "ner_labels": {"NOR": "ORG"}}, "no stage heeds `ner_labels`"),
        ({"entities": "rules", "ner_scheme": "iob1"}, "no stage heeds `ner_scheme`"),
        ({"entities": "rules", "ner_threshold": 0.0}, "no stage heeds `ner_threshold`"),
        ({"entities": "rules", "precision": {"ner": "f32"}}, r'no stage heeds `precision\["ner"\]`'),
        ({"entities": True, "precision": {"translator": "f32"}}, r'no stage heeds `precision\["translator"\]`'),
        ({"entities": "rules", "precision": "f32"}, "no stage heeds `precision`"),
        ({"precision": "fp16"}, "no precision `fp16`"),
        ({"precision": {"summarizer": "f32"}}, "no stage `summarizer`"),
        ({"translator": "./mine"}, "no stage heeds `translator`"),
        ({"entities": True, "beams": 1}, "no stage heeds `beams`"),
        ({"hints_rarer_than": 0}, "no stage heeds `hints_rarer_than`"),
        ({"max_cache_bytes": 1 << 20}, "no stage heeds `max_cache_bytes`"),
        ({"source_dates": True}, "no stage heeds `source_dates`"),
        ({"sentences": 2}, "no stage heeds `sentences`"),
    ]
    for options, message in cases:
        with pytest.raises(intisari.ConfigError, match=message) as error:
            intisari.Pipeline(**{"entities": False, "translate": False, "summary": None, **options})
        assert ";" in str(error.value), "it says what to do"
    with pytest.raises(TypeError, match="beam"):
        intisari.Pipeline(beam=2)  # type: ignore[call-arg]


def test_options_that_change_nothing_may_be_said() -> None:
    intisari.Pipeline(
        entities="rules", translate=False, summary=None, sentences=4, ner=None, ner_labels={}, beams=None, precision={}, source_dates=False
    )


def test_a_missing_model_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(intisari.ConfigError, match="no model and no folder"):
        intisari.Pipeline(translate=False, ner="tidak-ada")
    (tmp_path / "encoder").mkdir()
    with pytest.raises(intisari.ModelError, match="config.json is missing"):
        intisari.Pipeline(translate=False, ner=tmp_path / "encoder")


def test_progress_hears_every_stage_and_can_stop(rules: intisari.Pipeline) -> None:
    heard: list[intisari.Progress] = []
    rules.digest(TEXTS, progress=heard.append)
    assert {event.stage for event in heard} == set(rules.stages) == {"clean", "sentences", "entities", "summarize", "check"}
    assert [event.articles for event in heard] == sorted(event.articles for event in heard)
    assert (heard[0].articles, heard[-1].articles, heard[-1].of) == (0, 5, 5)
    rules.digest(iter(TEXTS), progress=heard.clear)  # type: ignore[arg-type]

    def stop(event: intisari.Progress) -> None:
        if event.stage == "entities" and event.articles:
            raise LookupError("enough")

    documents = rules.digest(iter(TEXTS), progress=stop)
    assert counts([next(documents), next(documents)]) == [2, 1]
    with pytest.raises(LookupError, match="enough"):
        next(documents)


def test_a_batch_that_was_interrupted_is_done_when_asked_again(rules: intisari.Pipeline) -> None:
    fails = [True]

    def once(event: intisari.Progress) -> None:
        if event.stage == "entities" and fails:
            fails.clear()
            raise KeyboardInterrupt

    documents = rules.digest(iter(TEXTS), progress=once)
    with pytest.raises(KeyboardInterrupt):
        next(documents)
    assert counts(documents) == [2, 1, 3, 1, 1]


def test_a_digest_within_its_own_progress_is_refused(rules: intisari.Pipeline) -> None:
    with pytest.raises(RuntimeError, match="progress callback of the same pipeline"):
        rules.digest("Satu.", progress=lambda _: rules.digest("Dua."))
    assert counts([rules.digest("Satu.")]) == [1]


def test_other_threads_run_meanwhile(rules: intisari.Pipeline) -> None:
    """With an interval that never ends, another thread runs only where this one lets it."""
    begun, ran, before_the_end = threading.Event(), threading.Event(), []

    def other() -> None:
        begun.wait()
        ran.set()

    def progress(event: intisari.Progress) -> None:
        begun.set()
        if event.stage == "check" and event.done:
            before_the_end.append(ran.is_set())

    pipeline = intisari.Pipeline(entities="rules", translate=False, summary="lead", batch=2000)
    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    try:
        thread.start()
        pipeline.digest(["Hujan turun pada 3 Maret 2025. Jalan licin."] * 2000, progress=progress)
    finally:
        sys.setswitchinterval(interval)
        begun.set()
        thread.join()
    assert before_the_end[0]


def test_threads_share_a_pipeline(rules: intisari.Pipeline) -> None:
    results: dict[int, list[int]] = {}

    def work(number: int) -> None:
        results[number] = counts(rules.digest(TEXTS * 5))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [2, 1, 3, 1, 1] * 5 for number in range(8)}


def test_ctrl_c_ends_a_long_digest(tmp_path: Path) -> None:
    """The work would take far longer than the limit, which is there so that a failing test ends. No callback of Python is called meanwhile."""
    program = tmp_path / "long.py"
    program.write_text(
        "import _thread, signal, threading, intisari\n"
        # A shell starts what runs in the background with this signal ignored, and Python leaves it so.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "pipeline = intisari.Pipeline(entities='rules', translate=False, summary='lead', batch=500)\n"
        "articles = ['Hujan turun pada 3 Maret 2025 di Bogor. ' * 50] * 200_000\n"
        "threading.Timer(1, _thread.interrupt_main).start()\n"
        "try:\n    pipeline.digest(articles)\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n",
        encoding="utf-8",
    )
    run = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=120)
    assert run.stdout == "interrupted\n", run.stderr


def test_a_pipeline_goes_to_other_processes(rules: intisari.Pipeline) -> None:
    again = pickle.loads(pickle.dumps(rules))
    assert again.digest(TEXTS) == rules.digest(TEXTS)
    for method in {"fork", "spawn"} & set(multiprocessing.get_all_start_methods()):
        with multiprocessing.get_context(method).Pool(2) as pool:
            assert counts(pool.map(rules.digest, TEXTS)) == [2, 1, 3, 1, 1], method


def test_errors_keep_their_article_through_pickling() -> None:
    error = pickle.loads(pickle.dumps(intisari.InputError("article `a`: no", "a", "no")))
    assert (str(error), error.article, error.reason, type(error)) == ("article `a`: no", "a", "no", intisari.InputError)
    assert isinstance(error, ValueError) and json.dumps({"id": error.article, "error": error.reason})


def test_says_what_it_is(rules: intisari.Pipeline) -> None:
    assert repr(rules) == "<Pipeline: clean, sentences, entities, summarize, check>"
    assert repr(rules.digest("Satu. Dua.")) == "<Document '0': 2 sentences, 0 entities, a summary>"
