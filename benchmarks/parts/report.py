"""The report of the shipped study."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from measure import in_turn, measure, spread
from results import Aim, Records, table

from .commands import PINGAN
from .options import Options

AIM = 60


def report(options: Options) -> Iterator[Records]:
    out = options.work / "report" / "pages"
    out.parent.mkdir(parents=True, exist_ok=True)
    run = partial(measure, [*PINGAN, "report", "--out", str(out)])
    print("  first run, which fills the caches", flush=True)
    run()
    runs = in_turn({"report": run}, options.rounds or 3)["report"]
    yield {"shipped": {"runs": [one.record() for one in runs]}}


def section(records: Records) -> str:
    runs = records["shipped"]["runs"]
    row = (spread([run["seconds"] for run in runs]), f"{max(run['largest_mb'] for run in runs):,.0f}", str(len(runs)))
    return INTRODUCTION + table(("seconds", "largest process, MB", "runs"), [row])


INTRODUCTION = """## The report of the shipped study

`pingan report` (notebooks, figures, pages, handout), after a first run that is not counted; seconds by the clock,
median (least–most).

"""


def aims(records: Records) -> list[Aim]:
    runs = records.get("shipped", {}).get("runs", [])
    seconds = [run["seconds"] for run in runs]
    return [Aim(f"report of the shipped study in < {AIM} s, warm", f"{spread(seconds)} s" if runs else "",
                bool(runs) and max(seconds) < AIM)]
