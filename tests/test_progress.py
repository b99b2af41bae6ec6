"""Progress is shown where a person is watching, and nowhere else."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from pingan_analysis import progress as module
from pingan_analysis.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Notebook(io.StringIO):
    """Stands in for the stderr of a kernel, which is known by its module."""


Notebook.__module__ = "ipykernel.iostream"


@pytest.mark.parametrize(("stderr", "shows"), [(Terminal(), True), (Notebook(), True), (io.StringIO(), False)])
def test_bar_is_for_a_watching_person(stderr: io.StringIO, shows: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_DELAY", 0)
    monkeypatch.setattr(sys, "stderr", stderr)
    assert list(progress(iter("abc"), "reading", unit=" articles", total=3)) == ["a", "b", "c"]
    assert ("reading: 100%" in stderr.getvalue()) == shows
    assert ("3/3" in stderr.getvalue()) == shows


def test_short_work_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert sum(progress(range(10), "adding", unit=" numbers")) == 45
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_reports_switch_it_off() -> None:
    source = (
        "import io, sys\n"
        "from pingan_analysis import progress as module\n"
        "class Terminal(io.StringIO):\n"
        "    def isatty(self): return True\n"
        "module._DELAY, sys.stderr = 0, Terminal()\n"
        "list(module.progress(range(3), 'reading', unit=' articles'))\n"
        "print(repr(sys.stderr.getvalue()))\n"
    )
    for disable, silent in (("1", True), (None, False)):
        environment = {name: value for name, value in os.environ.items() if name != "TQDM_DISABLE"}
        environment |= {"TQDM_DISABLE": disable} if disable else {}
        command = [sys.executable, "-c", source]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert (run.stdout.strip() == "''") == silent
