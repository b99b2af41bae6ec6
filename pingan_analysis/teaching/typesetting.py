"""Typesetting with typst: tagged PDF/UA, the same bytes on every run, nothing from the network or the system."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from ..drawing.fonts import font_file
from ..errors import PinganError
from .sources import MAIN


class HandoutError(PinganError):
    """A handout that cannot be set or made: a fault in its sources, or a study that it is not written for."""


def typeset(
    sources: Path, facts: Mapping[str, Any], pictures: Mapping[str, bytes], *, edition: str
) -> bytes:
    """Return the PDF (PDF/UA-1, tagged) that the typst files in the folder `sources` make of `facts`.

    The sources read facts from facts.json, and pictures by name; `edition` comes to them as sys.inputs.edition. Raises
    `HandoutError` naming what typst found fault with, warnings included.
    """
    with TemporaryDirectory(prefix="pingan_handout.") as folder:
        root = Path(folder)
        for source in sources.glob("*.typ"):
            shutil.copyfile(source, root / source.name)
        (root / "facts.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        for name, picture in pictures.items():
            (root / name).write_bytes(picture)
        try:
            pdf, warned = typst.compile_with_warnings(
                root / MAIN, root=root, font_paths=[font_file().parent], ignore_system_fonts=True,
                sys_inputs={"edition": edition}, pdf_standards="ua-1", package_path=root, package_cache_path=root,
            )
        except typst.TypstError as error:
            raise HandoutError(_one_line(error, edition, root)) from None
    if warned:
        raise HandoutError(_one_line(warned[0], edition, root))
    return bytes(pdf)


def _one_line(fault: typst.TypstError | typst.TypstWarning, edition: str, root: Path) -> str:
    told = " ".join([fault.message, *fault.hints, *fault.trace[:1]]).replace(f"{root}/", "")
    return f"handout, {edition} edition: {' '.join(told.split())[:400]}"
