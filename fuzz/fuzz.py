"""Coverage-guided fuzzing of one target of `tests/fuzz_targets.py`: see README.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

with atheris.instrument_imports(include=["pingan_analysis", "docx", "json", "csv"]):
    from fuzz_seeds import PHRASES, SEEDS
    from fuzz_targets import TARGETS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--work", type=Path, default=Path("fuzz_work"), help="where inputs and finds are put")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--longest", type=int, default=20_000, help="bytes of an input")
    parser.add_argument("--memory", type=int, default=1_000, help="MB that the process may take")
    options = parser.parse_args()
    inputs, finds = options.work / options.target, options.work / "finds" / options.target
    inputs.mkdir(parents=True, exist_ok=True)
    finds.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(SEEDS[options.target]):
        (inputs / f"seed-{number}").write_bytes(seed)
    phrases = options.work / f"{options.target}.dict"
    phrases.write_text("".join(f'"{_escaped(phrase)}"\n' for phrase in PHRASES[options.target]), encoding="ascii")
    arguments = [
        sys.argv[0],
        str(inputs),
        f"-artifact_prefix={finds}/",
        f"-dict={phrases}",
        f"-max_total_time={options.seconds}",
        f"-max_len={options.longest}",
        f"-rss_limit_mb={options.memory}",
        "-timeout=20",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, TARGETS[options.target])
    atheris.Fuzz()


def _escaped(phrase: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in phrase)


if __name__ == "__main__":
    main()
