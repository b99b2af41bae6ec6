"""The command line: pingan ingest | report | codebook."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from . import __version__
from .errors import PinganError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; an error that the user can mend is one line on stderr and exit code 1."""
    options = _parser().parse_args(arguments)
    warnings.showwarning = _show_warning
    try:
        options.run(options)
    except PinganError as error:
        print(f"pingan {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"pingan {options.command}: stopped; nothing was changed", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(f"pingan {options.command}: {error.filename or 'disk'}: {error.strerror or error}", file=sys.stderr)
        return 1
    return 0


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"note: {message}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pingan", description="Comparative study of 平安建设 campaigns as their own articles report them."
    )
    parser.add_argument("--version", action="version", version=f"pingan_analysis {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    ingest = commands.add_parser("ingest", help="make a study (tables) from articles")
    ingest.add_argument("path", metavar="PATH", help="article or folder: .txt .md .html .htm .shtml .docx .pdf .csv "
                        ".jsonl .csv.gz .jsonl.gz")
    ingest.add_argument("--out", metavar="DIR", required=True, help="folder of the study; an earlier study is replaced")
    ingest.add_argument("--sources", metavar="CSV", help="bibliography, if it is not sources.csv beside the articles")
    ingest.add_argument("--workers", metavar="N", type=int, help="processes (default: as many as pay)")
    ingest.add_argument("--scheduler", metavar="ADDRESS", help="Dask scheduler to run on instead of local processes")
    ingest.set_defaults(run=_ingest)

    report = commands.add_parser("report", help="run the notebooks and write figures and HTML pages")
    report.add_argument("--study", metavar="DIR", help="folder of the study (default: the shipped one)")
    report.add_argument("--out", metavar="DIR", help="folder of the report (default: reports, or STUDY_report)")
    report.add_argument("--articles", metavar="PATH", help="the articles, for the steps that need their text")
    report.add_argument("--lang", choices=["en", "zh"], default="en", help="language of the labels on the figures")
    report.set_defaults(run=_report)

    codebook = commands.add_parser("codebook", help="write data/README.md and data/datapackage.json from the schema")
    codebook.set_defaults(run=_codebook)
    return parser


def _ingest(options: argparse.Namespace) -> None:
    from .study import ingest

    study = ingest(options.path, options.out, workers=options.workers, scheduler=options.scheduler,
                   sources=options.sources)
    print(study)
    print(f"Next: pingan report --study {options.out} --articles {options.path}")


def _report(options: argparse.Namespace) -> None:
    from .report import build_report

    pages = build_report(study=options.study, out=options.out, articles=options.articles, lang=options.lang)
    print(f"Open {pages[-1]}")


def _codebook(_: argparse.Namespace) -> None:
    from .codebook import datapackage_json, with_tables
    from .paths import data_folder

    readme: Path = data_folder() / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    (data_folder() / "datapackage.json").write_text(datapackage_json(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
