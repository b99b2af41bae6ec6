"""The script that makes tables of a page searchable and sortable: DataTables, as the package itables bundles it."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

from ..errors import PinganError
from ..paths import PACKAGE_FOLDER

_TEMPLATES = PACKAGE_FOLDER / "templates"
_EXPORTS = re.compile(r"\bexport\s*\{([^{}]*)\};?")
_DATATABLES = re.compile(r"([\w$]+) as default\b")
_OF_MODULES = re.compile(
    r"(?<![.\w$])(?:import\s*[({\"'*]|import\s+[\w$]|import\.meta|export\s*[{*]|export\s+(?:default|const|let|var|function|"
    r"class|async)\b)|[\r\0]"
)
_HTML_MARKS = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)


class ScriptError(PinganError):
    """The installed DataTables can't be put into a page."""


@cache
def table_script() -> str:
    """Return the text of the `<script>` element: DataTables with its licences, and what applies it to our tables.

    It is a classic script that loads nothing, the same for every page. Raises `ScriptError` where the bundle that
    itables brings has another shape than this expects.
    """
    licence = (_TEMPLATES / "table_licence.txt").read_text(encoding="utf-8").strip()
    ours = (_TEMPLATES / "table_view.js").read_text(encoding="utf-8")
    library = files("itables") / "html" / "dt_bundle.js"
    return f"/*!\n{licence}\n*/\n" + inline(library.read_text(encoding="utf-8"), ours)


def inline(module: str, ours: str) -> str:
    """Return an ES module whose default export is DataTables, and our script, as one script for a page.

    The names that the module exports stay inside; its default export is `DataTable` in our script.

    >>> inline("var a=1;export{a as default};", "use(DataTable);")
    '(function () {\\n"use strict";\\nvar a=1;\\nconst DataTable = a;\\nuse(DataTable);\\n})();\\n'
    """
    exports = _EXPORTS.findall(module)
    default = _DATATABLES.search(exports[0]) if len(exports) == 1 else None
    if default is None:
        raise ScriptError("itables: its DataTables bundle does not export a default in one place; "
                          "this version of itables does not fit, install one that requirements.lock names")
    body = _EXPORTS.sub("", module).strip()
    foreign = _OF_MODULES.search(body)
    if foreign is not None:
        raise ScriptError(f"itables: its DataTables bundle has {foreign[0]!r}, so that it can't stand in a page; "
                          "this version of itables does not fit, install one that requirements.lock names")
    script = f'(function () {{\n"use strict";\n{body}\nconst DataTable = {default[1]};\n{ours.strip()}\n}})();\n'
    return _HTML_MARKS.sub(r"\\x3c", script)


@cache
def script_hash() -> str:
    """Return the script's hash as a Content-Security-Policy names it."""
    digest = hashlib.sha256(table_script().encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
