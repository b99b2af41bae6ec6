"""What reads PDFs as hostile ones have it: it dies of some and falls silent over others (sent to a process by name)."""

from __future__ import annotations

import os
import signal
import time

from pingan_analysis.reading.pdf import PdfText

DEADLY, SILENT, PLAIN = (f"%PDF-{kind}".encode() for kind in ("deadly", "silent", "plain"))


def read_pdf(data: bytes) -> PdfText:
    if data == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    if data == SILENT:
        time.sleep(600)
    return PdfText("平安", str(os.getpid()))
