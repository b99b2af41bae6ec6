"""Property tests draw the same examples on every machine, and a busy machine fails none of them.

Coverage is that of examples which somebody wrote down: what a property draws at random shows nothing about single
lines, and would take two or three times as long. Tests that measure time are marked `no_cover` for the same reason,
and so are those (in `COMPARED`, whole files) that put corpora, pages, commands, or all cases in another form, through
what other tests go through.
"""

import gc

import coverage
import pytest
from hypothesis import is_hypothesis_test, settings

settings.register_profile("pingan", deadline=None, derandomize=True)
settings.load_profile("pingan")

gc.set_threshold(50_000)  # by default Python looks for garbage so often that drawing takes a third longer

COMPARED = {
    "test_docs", "test_engine_words", "test_hostile", "test_lexicon", "test_prefilters", "test_security",
    "test_segmentation_cases",
}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Stop what pytest-cov 7.1 starts in a worker before it knows that it is one: it would go on in `no_cover`."""
    if hasattr(session.config, "workerinput") and (stray := coverage.Coverage.current()):
        stray.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem in COMPARED or is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("no_cover")
