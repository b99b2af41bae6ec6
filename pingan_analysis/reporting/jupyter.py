"""What is taken of Jupyter's libraries, imported without what takes longest and is of no use to notebooks.

They import jsonschema, which builds, where rfc3987_syntax is installed, parsers of international web addresses: two
seconds for a format that the schema of notebooks has not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def _as_if_missing(module: str) -> Iterator[None]:
    """Import in the body as if `module` were not installed; where it is loaded already, nothing is changed."""
    modules: dict[str, Any] = sys.modules
    if module in modules:
        yield
        return
    modules[module] = None
    try:
        yield
    finally:
        del modules[module]


with _as_if_missing("rfc3987_syntax"):
    import nbformat
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbconvert import TemplateExporter
    from nbconvert.filters import Highlight2HTML
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

__all__ = [
    "AsyncKernelManager", "CellExecutionError", "CellTimeoutError", "DeadKernelError", "Highlight2HTML",
    "IPythonRenderer", "KernelSpec", "KernelSpecManager", "MarkdownWithMath", "NotebookClient", "TemplateExporter",
    "nbformat",
]
