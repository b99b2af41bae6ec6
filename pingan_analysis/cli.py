"""The command line: pingan ingest | report | extract | handout | codebook."""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import sys
import warnings
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .errors import PinganError
from .viewing.controls import visible

if TYPE_CHECKING:
    import pandas as pd

# Arrow's own pool keeps 100 MB more of what was freed, and is no faster here; it must be told before it is imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

KINDS = ".txt .md .html .htm .shtml .docx .pdf .csv .jsonl .csv.gz .jsonl.gz"

_GARBAGE_THRESHOLD = 50_000
"""New objects after which Python looks for cycles; at its own 700 that takes a quarter of the time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; an error that the user can mend is one line on stderr and exit code 1."""
    gc.set_threshold(_GARBAGE_THRESHOLD)
    options = _parser().parse_args(arguments)
    warnings.showwarning = _show_warning
    try:
        options.run(options)
    except PinganError as error:
        print(f"pingan {options.command}: {visible(str(error))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        hint = "; the same command goes on from here" if options.command == "ingest" else ""
        print(f"pingan {options.command}: stopped; nothing was changed{hint}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = visible(str(error.filename or "disk"))
        print(f"pingan {options.command}: {where}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"note: {visible(str(message))}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pingan", description="Comparative study of 平安建设 campaigns as their own articles report them."
    )
    parser.add_argument("--version", action="version", version=f"pingan_analysis {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ingest = commands.add_parser("ingest", help="make a study (tables) from articles")
    ingest.add_argument("path", metavar="PATH", help=f"article or folder: {KINDS}")
    ingest.add_argument("--out", metavar="DIR", required=True, help="folder of the study; an earlier study is replaced")
    ingest.add_argument("--sources", metavar="CSV", help="bibliography, if it is not sources.csv beside the articles")
    ingest.add_argument("--corrections", metavar="CSV", help="corrections of metrics by hand (default: "
                        "corrections.csv beside the articles; see data/coding/README.md)")
    ingest.add_argument("--workers", metavar="N", type=int, help="processes (default: as many as pay)")
    ingest.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on instead of local processes")
    ingest.add_argument("--words-only", action="store_true", help="count words and nothing else: no metrics, models, "
                        "channels, shared wording (several times as fast)")
    ingest.set_defaults(run=_ingest)

    report = commands.add_parser("report", help="run the notebooks and write figures and HTML pages")
    report.add_argument("--study", metavar="DIR", help="folder of the study (default: the shipped one)")
    report.add_argument("--out", metavar="DIR", help="folder of the report (default: reports, or STUDY_report)")
    report.add_argument("--articles", metavar="PATH", help="the articles, for the steps that need their text")
    report.add_argument("--lang", choices=["en", "zh"], default="en", help="language of the labels on the figures")
    report.set_defaults(run=_report)

    extract = commands.add_parser("extract", help="print the metrics of an article, as the rules read them")
    extract.add_argument("file", metavar="FILE", help=f"article, or table of articles: {KINDS}")
    extract.add_argument("--published", metavar="DATE", help="day of publication, such as 2024-09-02 (default: as the "
                         "file or sources.csv says)")
    extract.add_argument("--place", metavar="PLACE", help="place that the article reports on (default: as sources.csv "
                         "says)")
    extract.add_argument("--format", choices=["table", "csv", "json"], default="table", help="table: some columns, for "
                         "reading; csv and json: all columns (default: %(default)s)")
    extract.set_defaults(run=_extract)

    handout = commands.add_parser("handout", help="write the classroom handout as PDF: student's and teacher's edition")
    handout.add_argument("--out", metavar="DIR", help="folder of the two files (default: reports/handout)")
    handout.set_defaults(run=_handout)

    codebook = commands.add_parser("codebook", help="write data/README.md, datapackage.json and docs/reference.md anew")
    codebook.set_defaults(run=_codebook)
    return parser


def _ingest(options: argparse.Namespace) -> None:
    from .ingestion import ingest

    study = ingest(options.path, options.out, workers=options.workers, scheduler=options.scheduler,
                   sources=options.sources, corrections=options.corrections, words_only=options.words_only)
    print(study)
    print(f"Next: pingan report --study {options.out} --articles {options.path}")


def _report(options: argparse.Namespace) -> None:
    from .report import build_report

    pages = build_report(study=options.study, out=options.out, articles=options.articles, lang=options.lang)
    print(f"Open {pages[-1]}")


def _extract(options: argparse.Namespace) -> None:
    import pandas as pd

    from .articles import read_articles
    from .building.facts import link_facts
    from .metrics import metric_rows
    from .schema import METRICS, check_table
    from .script import to_simplified

    published, place = _day(options.published), to_simplified(options.place or "")
    documents = read_articles(options.file)
    rows = [
        row
        for article in documents.to_dict("records")
        for row in metric_rows(article["doc_id"], article["text"], article["boilerplate"],
                               published or _day(article["published"]), place or article["place"])
    ]
    linked = link_facts(rows, dict(zip(documents["doc_id"], documents["duplicate_of"], strict=True)))
    metrics = check_table(pd.DataFrame(linked, columns=METRICS.column_names), "metrics")
    _print_utf8(_FORMATS[options.format](metrics, documents["doc_id"].tolist()))


def _day(given: Any) -> date | None:
    """Return the day of `--published` or of the documents table, where there is one."""
    import pandas as pd

    from .reading.boilerplate import parse_day

    if not isinstance(given, str):
        return None if pd.isna(given) else given.date()
    day = parse_day(given)
    if day is None:
        raise PinganError(f"--published {given!r} is no day; give one such as 2024-09-02")
    return day


def _as_table(metrics: pd.DataFrame, doc_ids: Sequence[str]) -> str:
    from .metric_view import metric_lines

    return "\n\n".join(
        f"{visible(doc_id)}\n{metric_lines(metrics[metrics['doc_id'].eq(doc_id)])}" for doc_id in doc_ids
    ) + "\n"


def _as_csv(metrics: pd.DataFrame, _: Sequence[str]) -> str:
    from .csv_files import csv_text

    return csv_text(metrics)


def _as_json(metrics: pd.DataFrame, _: Sequence[str]) -> str:
    days = {name: metrics[name].dt.strftime("%Y-%m-%d") for name in ("period_start", "period_end")}
    cells = metrics.assign(**days).astype(object)
    records = cells.where(cells.notna(), None).replace("", None).to_dict("records")
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


_FORMATS = {"table": _as_table, "csv": _as_csv, "json": _as_json}


def _print_utf8(text: str) -> None:
    """Print in UTF-8 with LF line ends, whatever the locale: the same bytes everywhere."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    print(text, end="")


def _handout(options: argparse.Namespace) -> None:
    from .handout import build_handout

    for path in build_handout(out=options.out):
        print(path)


def _codebook(_: argparse.Namespace) -> None:
    from .codebook import datapackage_json, with_tables
    from .paths import PACKAGE_FOLDER, data_folder
    from .reference import reference_markdown

    readme: Path = data_folder() / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (data_folder() / "datapackage.json").write_text(datapackage_json(), encoding="utf-8", newline="\n")
    docs = PACKAGE_FOLDER.parent / "docs"
    if docs.is_dir():
        (docs / "reference.md").write_text(reference_markdown(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
