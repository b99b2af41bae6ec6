"""Mutation testing: the share of small changes to the code of a subject that its tests notice.

The changes (mutants) are those of mutmut, in functions and methods, also in those under a decorator such as `cache`.
The tests are collected once; each mutant runs them in a process forked from there, with the code of its function
exchanged and all caches empty. A mutant is killed when a test fails or the tests take more than half a minute of
processor time.

    python benchmarks/mutation.py                                   # 30 mutants of each subject
    python benchmarks/mutation.py --subject periods --sample 250    # `--sample 0`: all
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import gc
import importlib
import os
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import libcst
import pytest
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import Mutation, MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode
from scipy.stats import binomtest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "pingan_analysis"
PYTEST = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov", "--override-ini", "addopts=")
NOT_RUN = (
    "hostile or importing or workers or twin or other_script or pinyin or any_text or five_articles "
    "or p_of_documents_is or that_stand_on_both or fishers_exact or against_four"
)
"""Tests of speed, of other processes, and of what is tested in other ways too: they take long."""
SECONDS = 30
CACHED = type(cache(len))


class Suite(NamedTuple):
    """Modules, and the test files that are to notice changes to them, the quickest first."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]


SUBJECTS = {
    "keyness": (
        Suite(("keyness.py", "keywords/[!rs]*.py", "keywords/repeats.py", "keywords/s[ct]*.py"),
              ("test_keyness_scores.py", "test_keyness_of_each.py", "test_keyness.py")),
        Suite(("keywords/recipes.py", "keywords/splits.py"), ("test_calibration.py",)),
    ),
    "numerals": (Suite(("numerals.py", "quantities/*.py"), ("test_numerals.py",)),),
    "periods": (Suite(("periods.py", "dating/*.py"), ("test_periods.py",)),),
}


class Mutant(NamedTuple):
    """One change: the module, the line, what it says there before and after, and the whole text of the module."""

    path: Path
    line: int
    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}\n    - {self.before}\n    + {self.after}"


class _Changes(NamedTuple):
    path: Path
    module: libcst.Module
    found: list[Mutation]


class _Visitor(MutationVisitor):
    """Also goes into functions under a decorator, which mutmut itself cannot exchange at run time."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        return not isinstance(node, libcst.FunctionDef) and super()._skip_node_and_children(node)


def sampled(suites: tuple[Suite, ...], size: int, seed: int) -> list[list[Mutant]]:
    """Return about `size` mutants, for each suite those of its modules, of each module in proportion to what it has;
    all where `size` is 0."""
    paths = [sorted({path for name in suite.modules for path in (ROOT / PACKAGE).glob(name)}) for suite in suites]
    changes = [[_changes(path) for path in of_suite] for of_suite in paths]
    share = min(1.0, size / sum(len(module.found) for module in chain(*changes))) if size else 1.0
    return [list(chain(*(_drawn(module, share, seed) for module in of_suite))) for of_suite in changes]


def _drawn(changes: _Changes, share: float, seed: int) -> list[Mutant]:
    """Draw by digests of the mutants themselves, so that an edit elsewhere in the module leaves the others drawn."""
    def place(change: Mutation) -> bytes:
        said, says = (changes.module.code_for_node(node) for node in (change.original_node, change.mutated_node))
        function = change.contained_by_top_level_function
        return sha256(f"{seed} {changes.path.name} {function and function.name.value} {said} {says}".encode()).digest()

    return [_mutant(changes, one) for one in sorted(changes.found, key=place)[:round(share * len(changes.found))]]


def _changes(path: Path) -> _Changes:
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = MetadataWrapper(libcst.parse_module(path.read_text(encoding="utf-8"))).visit(visitor)
    return _Changes(path, module, [
        one for one in visitor.mutations if isinstance(one.contained_by_top_level_function, libcst.FunctionDef)
    ])


def _mutant(changes: _Changes, change: Mutation) -> Mutant:
    before = changes.module.code
    source = changes.module.deep_replace(change.original_node, change.mutated_node).code
    lines = list(difflib.unified_diff(before.splitlines(), source.splitlines(), n=0, lineterm=""))[2:]
    line = int(lines[0].split()[1].removeprefix("-").split(",")[0])
    said, says = (next((entry[1:].strip() for entry in lines[1:] if entry[0] == sign), "") for sign in "-+")
    return Mutant(changes.path, line, said, says, source)


def put_in(mutant: Mutant) -> None:
    """Exchange the code of the functions of the module for that of the mutant, and empty all caches."""
    name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts)
    module = importlib.import_module(name)
    changed = ModuleType(name)
    changed.__dict__.update(__package__=module.__package__, __file__=module.__file__)
    exec(compile(mutant.source, str(mutant.path), "exec"), changed.__dict__)
    mutated = dict(_functions(changed))
    for qualname, function in _functions(module):
        other = mutated[qualname]
        function.__code__ = other.__code__
        function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
    for wrapper in gc.get_objects():
        if isinstance(wrapper, CACHED) and wrapper.__module__.startswith(PACKAGE):
            wrapper.cache_clear()


def _functions(owner: Any) -> Iterator[tuple[str, FunctionType]]:
    for value in list(vars(owner).values()):
        value = value.fget if isinstance(value, property) else getattr(value, "__wrapped__", value)
        if isinstance(value, FunctionType) and value.__module__ == getattr(owner, "__module__", owner.__name__):
            yield value.__qualname__, value
        elif isinstance(value, type) and value.__module__ == owner.__name__:
            yield from _functions(value)


class Runs:
    """A plugin of pytest: once the tests are collected, they run with each mutant in a process of its own."""

    def __init__(self, mutants: list[Mutant], workers: int) -> None:
        unchanged = {mutant.path: mutant.path.read_text(encoding="utf-8") for mutant in mutants}
        self._none = [Mutant(path, 0, "", "", source) for path, source in unchanged.items()]
        self.survived: list[Mutant] = []
        self.in_child = False
        self._mutants = mutants
        self._workers = workers

    def pytest_runtestloop(self) -> bool | None:
        """Fork; in a forked process the tests run on, in the first one they don't."""
        waiting: list[Mutant | None] = [*self._mutants[::-1], None]
        running: dict[int, Mutant | None] = {}
        while waiting or running:
            while waiting and len(running) < self._workers:
                mutant = waiting.pop()
                child = self._start(mutant)
                if not child:
                    return None
                running[child] = mutant
            child, status = os.wait()
            mutant = running.pop(child)
            if mutant is None and status:
                raise pytest.UsageError("the tests fail without a mutant")
            if mutant is not None and status == 0:
                self.survived.append(mutant)
        return True

    def _start(self, mutant: Mutant | None) -> int:
        child = os.fork()
        if not child:
            self.in_child = True
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            try:
                for one in [mutant] if mutant else self._none:
                    put_in(one)
            except Exception:
                os._exit(1)
        return child


def survivors(suite: Suite, mutants: list[Mutant], workers: int) -> list[Mutant]:
    """Return the mutants with which all tests of the suite pass."""
    runs = Runs(mutants, workers)
    files = [str(ROOT / "tests" / name) for name in suite.tests]
    with _silence():
        status = pytest.main([*PYTEST, "-k", f"not ({NOT_RUN})", *files], plugins=[runs])
        if runs.in_child:
            os._exit(status)
    if status:
        sys.exit(f"the tests fail without a mutant: {' '.join(suite.tests)}")
    return sorted(runs.survived)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    sys.stdout.flush()
    kept = [os.dup(number) for number in (1, 2)]
    nothing = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nothing, number)
    try:
        yield
    finally:
        for number, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, number)


def report(name: str, mutants: list[Mutant], survived: list[Mutant]) -> float:
    """Print counts by module, the score with its 95 % interval, and the survivors; return the score."""
    of_module, alive = (Counter(mutant.path for mutant in group) for group in (mutants, survived))
    for path, n in of_module.items():
        print(f"{path.relative_to(ROOT)}\t{n - alive[path]} of {n}")
    killed = len(mutants) - len(survived)
    low, high = binomtest(killed, len(mutants)).proportion_ci(method="wilson")
    score = killed / len(mutants)
    print(f"{name}: {killed} of {len(mutants)} killed, score {score:.3f} (95 % interval {low:.3f} to {high:.3f})\n")
    print(*survived, "", sep="\n", flush=True)
    return score


def main() -> None:
    """Run the subjects that are named, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subject", choices=SUBJECTS, action="append", help="default: all")
    parser.add_argument("--sample", type=int, default=30, help="mutants of each subject; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--fail-under", type=float, default=0.0, help="score of each subject that is enough")
    arguments = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    low = []
    for name in arguments.subject or SUBJECTS:
        drawn = sampled(SUBJECTS[name], arguments.sample, arguments.seed)
        survived = [survivors(suite, mutants, arguments.workers)
                    for suite, mutants in zip(SUBJECTS[name], drawn, strict=True)]
        if report(name, list(chain(*drawn)), list(chain(*survived))) < arguments.fail_under:
            low.append(name)
    if low:
        sys.exit(f"score below {arguments.fail_under}: {', '.join(low)}")


if __name__ == "__main__":
    main()
