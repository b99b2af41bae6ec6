"""Property tests draw the same examples on every machine, and a busy machine fails none of them."""

import gc

from hypothesis import settings

settings.register_profile("pingan", deadline=None, derandomize=True)
settings.load_profile("pingan")

gc.set_threshold(50_000)  # by default Python looks for garbage so often that drawing takes a third longer
