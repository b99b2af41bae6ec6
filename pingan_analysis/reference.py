"""The page docs/reference.md: every public name with its signature and what its docstring says first."""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

from . import _HOMES

GROUPS = {
    "Articles and studies": ("articles", "study", "paths"),
    "Words": ("segment", "lexicon", "glossary", "terms", "concordance"),
    "Numbers and time expressions": ("numerals", "periods"),
    "Campaign metrics": ("metrics", "metric_view", "audit", "series"),
    "Models and channels": ("models", "channels", "comparison"),
    "Keyness and how far to trust it": ("keyness", "calibration", "robustness"),
    "Shared wording": ("reuse",),
    "Large dated corpora": ("trends",),
    "Coding by hand": ("agreement",),
    "From a row to its text": ("provenance", "table_view"),
    "Figures, tables, report, handout": ("figures", "captions", "paper_tables", "report", "handout"),
    "Checks and errors": ("schema", "errors"),
}
"""Headings of the page, and the modules whose public names stand under each, in this order."""
REST = "Further names"
_WIDTH = 110
_NO_BREAK = "\xa0"
_INSIDE_PARAMETER = re.compile("(?<!,) ")
_HEAD = """\
# Reference

Every public name of `import pingan_analysis as pa`, each with its signature. The whole description of one, with its
columns, units, errors and an example, is what `help(pa.keyness)` prints. Columns of the tables are in the
[codebook](../data/README.md); what the measures mean is in [methods](methods.md).

This page is written by `make codebook` from the docstrings: change those.
"""


def reference_markdown() -> str:
    """Return the text of docs/reference.md."""
    sections = "\n".join(_section(title, names) for title, names in _names_by_group())
    return f"{_HEAD}\n{sections}\n## Version\n\n`pa.__version__` is the version of the package.\n"


def _names_by_group() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading with its (module, name), modules that no group names last."""
    grouped = {module for modules in GROUPS.values() for module in modules}
    rest = tuple(module for module in _HOMES if module not in grouped)
    for title, modules in [*GROUPS.items(), (REST, rest)]:
        names = [(module, name) for module in modules for name in _HOMES.get(module, ())]
        if names:
            yield title, names


def _section(title: str, names: list[tuple[str, str]]) -> str:
    return "\n".join([f"## {title}\n", *(_entry(module, name) for module, name in names)])


def _entry(module: str, name: str) -> str:
    value = getattr(importlib.import_module(f".{module}", __package__), name)
    first = (inspect.getdoc(value) or "").split("\n\n")[0].replace("\n", " ")
    return f"### `pa.{name}`\n\n{first}\n\n```\n{_signature(name, value)}\n```\n"


def _signature(name: str, value: Any) -> str:
    """Return the call with its types, in lines of `_WIDTH` characters."""
    if inspect.isclass(value) and issubclass(value, Exception):
        return f"class pa.{name}({value.__mro__[1].__name__})"
    signature = inspect.signature(value)
    parameters = [
        parameter.replace(annotation=_AsWritten(parameter.annotation))
        if isinstance(parameter.annotation, str) else parameter
        for parameter in signature.parameters.values()
    ]
    result = signature.return_annotation
    is_class = inspect.isclass(value)
    written = inspect.Signature(
        parameters,
        return_annotation=_AsWritten(result) if isinstance(result, str) and not is_class else inspect.Signature.empty,
    )
    call = _INSIDE_PARAMETER.sub(_NO_BREAK, f"{'class ' if is_class else ''}pa.{name}{written}")
    lines = textwrap.wrap(call, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace(_NO_BREAK, " ")


class _AsWritten(str):
    """A type as its source has it: printed without quotation marks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)
