"""What differs between machines, for tests that run in another process."""

import sys

PLAIN_LOCALE = "C" if sys.prefix.isascii() else "C.UTF-8"
"""Python itself does not find packages under a path with Chinese characters in the locale C."""
