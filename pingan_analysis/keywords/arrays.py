"""Kinds of arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
"""Numbers of documents, terms, units …, from 0."""
Flags = npt.NDArray[np.bool_]
