"""Numbers and time expressions out of text, beside Recognizers-Text and JioNLP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from statistics import median

from measure import measure, spread
from peers import packages_of, reason
from results import Aim, Records, table

from .commands import HERE, PYTHON
from .options import Options

PEERS = {"recognizers": "Recognizers-Text", "jionlp": "JioNLP"}


def figures(options: Options) -> Iterator[Records]:
    folders = [str(folder) for name in PEERS if (folder := packages_of(name))]
    command = [PYTHON, str(HERE / "extraction.py"), "--json", "--shared", str(options.shared), "--peers", *folders]
    run = measure(command)
    told = json.loads(run.printed.strip().splitlines()[-1])
    yield {name: {"bytes": told["bytes"], "paragraphs": told["paragraphs"], "seconds": seconds}
           for name, seconds in told["seconds"].items()}
    yield {PEERS[name]: {"left_out": reason(name)} for name in PEERS if packages_of(name) is None}


def section(records: Records) -> str:
    measured = {name: record for name, record in records.items() if "seconds" in record}
    ours = measured["pingan_analysis"]
    rows = []
    for name, record in sorted(measured.items(), key=lambda item: median(item[1]["seconds"]["together"])):
        rates = [spread([record["bytes"] / 1000 / took for took in rounds], 0) for rounds in record["seconds"].values()]
        times = median(record["seconds"]["together"]) / median(ours["seconds"]["together"])
        rows.append((name, *rates, f"{times:.0f} ×" if record is not ours else "1"))
    text = INTRODUCTION.format(paragraphs=ours["paragraphs"], kilobytes=ours["bytes"] / 1000)
    text += table(("reader", "numbers", "time expressions", "together", "time against the package's"), rows)
    return text + "".join(f"\n{name}: left out ({record['left_out']}).\n"
                          for name, record in records.items() if "left_out" in record)


INTRODUCTION = """## Numbers and time expressions out of text

`extraction.py`: thousand bytes of UTF-8 a second, processor time of one core, over the same {paragraphs} paragraphs
of news ({kilobytes:.0f} kB) in one process, median of five rounds in turn (least–most). `find_quantities` and
`find_periods` against everything that Recognizers-Text reads of the kind for Chinese, and JioNLP's times and amounts
of money (it reads no other numbers). How well each reads stands in [README.md](README.md).

"""


def aims(records: Records) -> list[Aim]:
    return []
