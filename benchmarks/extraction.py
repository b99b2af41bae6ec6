"""How fast and how well numbers and time expressions are read, beside two general readers in the same run.

    python benchmarks/extraction.py [--shared DIR] [--peers DIR …] [--json]

`--shared` is the folder with the texts that are not in the repository (default `../shared`); `--peers` the folders
into which Recognizers-Text (Microsoft) and JioNLP were installed (`benchmarks/peers.py` does that). No part of the
project needs them; what is not there is left out, and said. `--json` prints the third table only, as JSON. Four
tables:

1. Speed over every 20th story of the news sample: millions of bytes of UTF-8 a second, processor time of one core,
median of the rounds, slowest and fastest round. *together* is `find_quantities` and then `find_periods`, each of
which makes its own simplified copy of the text. `extract_metrics` reads every fifth of these stories; *without its
table* is what it does before its rows become a checked table. 2. Import: milliseconds for `numerals` and `periods`
after pandas, and then for their first use, which builds the patterns; medians of fresh interpreters. 3. Speed of all
readers, in turn, over the same paragraphs (of every 400th story): thousand bytes a second, and how many times as fast
the package is. Of numbers JioNLP reads amounts of money only. 4. What they find in `tests/cases/quantities.jsonl` and
`periods.jsonl`, all in simplified script (the peers read no other), by the most generous reading: a number is found
where a result overlaps it and has its value, or either end of its range (percentages as 88.2 or 0.882); its bound is
kept where the result says in any way that it is not exact; a period is right where one of the readings offered for an
overlapping result has its first and last day (a last day may be the day after; an end that the case leaves open
agrees with any; no end agrees with the day of publication). *span too*: also exactly these characters, marks and
measure word included. *too many*: results that overlap nothing in the list. The cases are the project's own, and its
rules were made with most of them in sight: they say what the peers can't read, not how well the package reads
articles that nobody has seen.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import gzip
import importlib
import importlib.metadata
import io
import json
import logging
import math
import re
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pingan_analysis.metrics import extract_metrics, metric_rows
from pingan_analysis.numerals import find_quantities
from pingan_analysis.periods import find_periods
from pingan_analysis.script import to_simplified

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "cases"
STORY_STEP, METRICS_STEP, PEERS_STEP = 20, 5, 20
ROUNDS, PEER_ROUNDS, INTERPRETERS = 7, 5, 7
INSTALL = "PYTHONPATH=.uv python3 benchmarks/peers.py installs it; --peers names its folder"
UNDATED = date(2024, 9, 5)
"""Day of publication that the readers are given for a case that has none."""
Label = dict[str, Any]
Read = Callable[[str, date], Any]
IMPORT = """
import time, pandas
start = time.perf_counter()
from pingan_analysis import numerals, periods
imported = time.perf_counter()
numerals.find_quantities("3个"), periods.find_periods("3月5日", published="2024-09-05")
print(imported - start, time.perf_counter() - imported)
"""


class Found(NamedTuple):
    """What a reader returned: `readings` are the values of a number, or pairs of a first and a last day."""

    start: int
    end: int
    readings: list[Any]
    bound: str


class TextReader(NamedTuple):
    """A package with its calls as they are (they are timed), and what makes `Found` of their results."""

    name: str
    numbers: Read
    times: Read
    number: Callable[[Any], Found]
    time: Callable[[Any], Found]


class Story(NamedTuple):
    text: str
    published: date


def pingan_analysis() -> TextReader:
    return TextReader(
        "pingan_analysis",
        lambda text, published: find_quantities(text),
        lambda text, published: find_periods(text, published=published),
        lambda found: Found(found.start, found.end, [found.value], found.bound),
        lambda found: Found(found.start, found.end, _dated([(found.date_start, found.date_end)]), ""),
    )


def recognizers_text() -> TextReader:
    """Return Recognizers-Text for Chinese: numbers, percentages, ordinals; all its dates, times and ranges of them."""
    number = importlib.import_module("recognizers_number").NumberRecognizer("zh-cn")
    counts = [number.get_number_model("zh-cn"), number.get_percentage_model("zh-cn"), number.get_ordinal_model("zh-cn")]
    times = importlib.import_module("recognizers_date_time").DateTimeRecognizer("zh-cn").get_datetime_model("zh-cn")

    def read_number(found: Any) -> Found:
        written = found.resolution["value"]
        return Found(found.start, found.end + 1, _shares([float(written.rstrip("%"))]), "exact")

    def read_time(found: Any) -> Found:
        values = (found.resolution or {}).get("values", [])
        kept = [value for value in values if value["type"].startswith("date")]
        ends = [(_day(v.get("start", v.get("value"))), _day(v.get("end", v.get("value")))) for v in kept]
        return Found(found.start, found.end + 1, _dated(ends), "")

    return TextReader(
        f"Recognizers-Text {importlib.metadata.version('recognizers-text-suite')}",
        lambda text, published: [found for model in counts for found in model.parse(text)],
        lambda text, published: times.parse(text, _midnight(published)),
        read_number, read_time,
    )


def jionlp() -> TextReader:
    """Return JioNLP: amounts of money, and times."""
    with contextlib.redirect_stdout(io.StringIO()):
        package = importlib.import_module("jionlp")
    logging.disable()

    def read_number(found: Any) -> Found:
        detail = found["detail"]
        written = detail["num"] if isinstance(detail["num"], list) else [detail["num"]]
        bound = "exact" if detail["definition"] == "accurate" else "inexact"
        return Found(found["offset"][0], found["offset"][1], [float(number) for number in written], bound)

    def read_time(found: Any) -> Found:
        written = found["detail"]["time"]
        days = [(_day(written[0]), _day(written[1]))] if isinstance(written, list) else []
        return Found(found["offset"][0], found["offset"][1], _dated(days), "")

    return TextReader(
        f"JioNLP {importlib.metadata.version('jionlp')}",
        lambda text, published: package.ner.extract_money(text),
        lambda text, published: package.ner.extract_time(text, time_base=_midnight(published)),
        read_number, read_time,
    )


def readers(folders: Sequence[Path]) -> list[TextReader]:
    """Return the package and the peers that are installed; say how to install the others."""
    sys.path += map(str, folders)
    found = [pingan_analysis()]
    for peer in (recognizers_text, jionlp):
        try:
            with warnings.catch_warnings(action="ignore"):
                found.append(peer())
        except ImportError as error:
            print(f"left out: {peer.__name__} ({error}); {INSTALL}", file=sys.stderr)
    return found


def _shares(values: list[float]) -> list[float]:
    return [*values, *(value / 100 for value in values)]


def _dated(periods: list[tuple[date | None, date | None]]) -> list[tuple[date | None, date | None]]:
    return [period for period in periods if any(period)]


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def news(shared: Path) -> dict[str, Story]:
    path = shared / "corpora" / "news_2012_2026_sample.jsonl.gz"
    if not path.exists():
        sys.exit(f"nothing measured: the news sample is not here ({path})")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        stories = [json.loads(line) for line in lines]
    return {story["id"]: Story(story["text"], date.fromisoformat(story["date"])) for story in stories}


def size(stories: Sequence[Story]) -> int:
    return sum(len(story.text.encode()) for story in stories)


def seconds(subjects: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the processor seconds of each subject, run in turn."""
    gc.collect()
    gc.freeze()
    times: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, run in subjects.items():
            start = time.process_time()
            run()
            times[name].append(time.process_time() - start)
    return times


def over(stories: Sequence[Story], read: Read) -> None:
    for story in stories:
        read(story.text, story.published)


def print_speed(stories: Sequence[Story]) -> None:
    reader = pingan_analysis()
    few = stories[::METRICS_STEP]

    def together(text: str, published: date) -> object:
        return reader.numbers(text, published), reader.times(text, published)

    subjects: dict[str, tuple[Sequence[Story], Read]] = {
        "together": (stories, together),
        "find_quantities": (stories, reader.numbers),
        "find_periods": (stories, reader.times),
        "extract_metrics": (few, lambda text, published: extract_metrics(text, published=published)),
        "without its table": (few, lambda text, published: metric_rows("story", text, (), published, "")),
    }
    runs: dict[str, Callable[[], object]] = {name: partial(over, *subject) for name, subject in subjects.items()}
    for run in runs.values():
        run()
    print(f"\n{f'{len(stories)} stories':20}{'MB':>8}{'MB/s':>8}{'slowest':>10}{'fastest':>10}")
    for name, times in seconds(runs, ROUNDS).items():
        megabytes = size(subjects[name][0]) / 1e6
        rates = [megabytes / took for took in (statistics.median(times), max(times), min(times))]
        print(f"{name:20}{megabytes:8.2f}{rates[0]:8.2f}{rates[1]:10.2f}{rates[2]:10.2f}")


def print_import() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], check=True, capture_output=True, text=True).stdout.split()
        for _ in range(INTERPRETERS)
    ]
    print(f"\n{'beyond pandas':20}{'ms':>8}{'least':>10}{'most':>10}")
    for name, times in zip(("import", "first use"), zip(*runs, strict=True), strict=True):
        took = sorted(1000 * float(written) for written in times)
        print(f"{name:20}{statistics.median(took):8.0f}{took[0]:10.0f}{took[-1]:10.0f}")


def peer_seconds(subjects: Sequence[TextReader], stories: Sequence[Story]) -> dict[str, dict[str, list[float]]]:
    """Return, by reader, the processor seconds of each round for numbers, times and both."""
    runs: dict[str, Callable[[], object]] = {}
    for reader in subjects:
        runs[f"{reader.name}/numbers"] = partial(over, stories, reader.numbers)
        runs[f"{reader.name}/times"] = partial(over, stories, reader.times)
        over(stories[:1], reader.numbers)
        over(stories[:1], reader.times)
    took = seconds(runs, PEER_ROUNDS)
    table = {}
    for reader in subjects:
        numbers, times = took[f"{reader.name}/numbers"], took[f"{reader.name}/times"]
        both = [sum(pair) for pair in zip(numbers, times, strict=True)]
        table[reader.name] = {"numbers": numbers, "times": times, "together": both}
    return table


def print_peer_speed(table: dict[str, dict[str, list[float]]], paragraphs: Sequence[Story]) -> None:
    kilobytes = size(paragraphs) / 1000
    title = f"{len(paragraphs)} paragraphs, {kilobytes:.0f} kB"
    print(f"\n{title:28}" + "".join(f"{column:>10}" for column in ("numbers", "times", "together", "package")))
    ours = statistics.median(next(iter(table.values()))["together"])
    for name, took in table.items():
        medians = [statistics.median(rounds) for rounds in took.values()]
        print(f"{name:28}" + "".join(f"{kilobytes / each:10.1f}" for each in medians) + f"{medians[-1] / ours:8.0f} ×")


class Score:
    """Counts what a reader found of the labelled expressions of texts."""

    def __init__(self) -> None:
        self.labelled = self.found = self.exact = self.inexact = self.kept = self.surplus = 0

    def add(self, wanted: Sequence[Label], results: Sequence[Found], agrees: Callable[..., bool]) -> None:
        """Count one text; a label without a reading (`counted`) is neither asked for nor too many."""
        self.surplus += sum(not any(_overlap(label, result) for label in wanted) for result in results)
        for label in wanted:
            if not label["counted"]:
                continue
            near = [result for result in results if _overlap(label, result)]
            right = [result for result in near if any(agrees(label, reading) for reading in result.readings)]
            inexact = label.get("bound", "exact") != "exact"
            self.labelled += 1
            self.found += bool(right)
            self.exact += any((result.start, result.end) in label["spans"] for result in right)
            self.inexact += inexact
            self.kept += inexact and any(result.bound in ("inexact", label["bound"]) for result in near)


def _overlap(label: Label, result: Found) -> bool:
    return any(result.start < end and start < result.end for start, end in label["spans"])


def cases(kind: str, counts: Callable[[Label], bool], stories: dict[str, Story]) -> Iterator[tuple[Story, list[Label]]]:
    """Yield the texts of the labelled cases with their labels, and with every span in which the label's words stand."""
    for row in map(json.loads, (CASES / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()):
        text = row["text"] if "text" in row else stories[row["story"]].text[row["start"] : row["end"]]
        published = date.fromisoformat(row["published"]) if row.get("published") else UNDATED
        for label in row[kind]:
            spans = [match.span() for match in re.finditer(re.escape(label["text"]), text)]
            label |= {"spans": spans, "published": published, "counted": counts(label)}
        yield Story(text, published), row[kind]


def number_agrees(label: Label, value: float) -> bool:
    wanted = [label[end] for end in ("value", "low", "high") if label[end] is not None]
    return any(math.isclose(value, number, rel_tol=1e-4) for number in wanted)


def days_agree(label: Label, days: tuple[date | None, date | None]) -> bool:
    first, last = _day(label["date_start"]), _day(label["date_end"])
    ends = (days[1], days[1] - timedelta(days=1)) if days[1] else (label["published"],)
    return (first is None or days[0] == first) and (last is None or last in ends)


def has_a_day(label: Label) -> bool:
    return bool(label["date_start"] or label["date_end"])


def is_money(label: Label) -> bool:
    return "元" in label["unit"]


def print_accuracy(subjects: Sequence[TextReader], stories: dict[str, Story]) -> None:
    for title, kind, counts in (
        ("numbers", "quantities", bool),
        ("amounts of money", "quantities", is_money),
        ("periods", "periods", has_a_day),
    ):
        print(f"\n{title:28}{'of':>8}{'found':>8}{'span too':>10}{'bounds':>8}{'kept':>8}{'too many':>10}")
        for reader in subjects:
            score = Score()
            for case, labels in cases(kind, counts, stories):
                text = to_simplified(case.text)
                if kind == "periods":
                    dates = map(reader.time, reader.times(text, case.published))
                    score.add(labels, [found for found in dates if found.readings], days_agree)
                else:
                    numbers = map(reader.number, reader.numbers(text, case.published))
                    score.add(labels, list(numbers), number_agrees)
            print(f"{reader.name:28}{score.labelled:8}{score.found:8}{score.exact:10}{score.inexact:8}{score.kept:8}"
                  + ("" if counts is is_money else f"{score.surplus:10}"))


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast and how well numbers and time expressions are read.")
    parser.add_argument("--shared", type=Path, default=ROOT / "../shared")
    parser.add_argument("--peers", type=Path, nargs="*", default=[])
    parser.add_argument("--json", action="store_true", help="the speed of all readers only, as JSON")
    arguments = parser.parse_args()
    stories = news(arguments.shared)
    part = list(stories.values())[::STORY_STEP]
    few = part[::PEERS_STEP]
    paragraphs = [Story(text, story.published) for story in few for text in story.text.splitlines() if text]
    if arguments.json:
        table = peer_seconds(readers(arguments.peers), paragraphs)
        print(json.dumps({"paragraphs": len(paragraphs), "bytes": size(paragraphs), "seconds": table}))
        return
    print_speed(part)
    print_import()
    subjects = readers(arguments.peers)
    print_peer_speed(peer_seconds(subjects, paragraphs), paragraphs)
    print_accuracy(subjects, stories)


if __name__ == "__main__":
    main()
