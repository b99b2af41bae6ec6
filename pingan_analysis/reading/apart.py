"""PDFs that are read in a process of its own, which can be ended from outside."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager
from functools import cache, partial

from ..errors import PinganError, UnreadableArticle
from ..processes import ITEM_SECONDS, Submit, bounded_processes, reason_of_end, result_of
from .pdf import PdfReader, PdfText, read_pdf


@contextmanager
def pdfs_apart() -> Iterator[PdfReader]:
    """Give what reads PDFs as `read_pdf` does, in one process, started at the first and ended at the end.

    What takes too much memory or time raises `UnreadableArticle` too. A daemonic process, which may start no other,
    reads itself.
    """
    if multiprocessing.current_process().daemon:
        yield read_pdf
        return
    with ExitStack() as until_the_end:

        @cache
        def submit() -> Submit:
            return until_the_end.enter_context(bounded_processes(1, os.getpid))

        def read(data: bytes) -> PdfText:
            try:
                read_it = partial(submit(), read_pdf, (data,), ITEM_SECONDS)
                pdf: PdfText = result_of(read_it(), read_it)
            except BrokenExecutor as error:
                raise PinganError(f"no process that reads PDFs can be started or kept ({error})") from error
            except OSError as error:
                if reason := reason_of_end(error):
                    raise UnreadableArticle(reason) from error
                raise
            return pdf

        yield read
