"""Install the packages to compare with, each into an environment of its own under `.bench/peers`.

    PYTHONPATH=.uv python3 benchmarks/peers.py

What each needs stands in `benchmarks/peers/NAME.in`, the exact versions with their hashes in `NAME.lock` (made by `uv
pip compile --universal --generate-hashes`). The project's own environment is left as it is. What cannot be installed
is named with the reason, here and in the results; that is no error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = Path(__file__).parent / "peers"
PEERS = ROOT / ".bench" / "peers"
STATE = PEERS / "installed.json"


def install(name: str) -> str:
    """Make the environment of a peer; return why that failed, or nothing."""
    folder = PEERS / name
    for command in (
        ["venv", "--allow-existing", "--python", sys.executable, str(folder)],
        ["pip", "sync", "--python", str(folder), "--require-hashes", str(LOCKS / f"{name}.lock")],
    ):
        done = subprocess.run([sys.executable, "-m", "uv", "--quiet", *command], capture_output=True, text=True)
        if done.returncode:
            return " ".join(done.stderr.split())[:300] or f"uv ended with {done.returncode}"
    return ""


def interpreter(name: str) -> Path | None:
    """Return the Python of a peer's environment, or None where it is not installed."""
    found = [PEERS / name / "bin" / "python", PEERS / name / "Scripts" / "python.exe"]
    return None if reason(name) else next((path for path in found if path.exists()), None)


def packages_of(name: str) -> Path | None:
    """Return the folder of the packages of a peer's environment, or None where it is not installed."""
    if interpreter(name) is None:
        return None
    return next((PEERS / name).glob("[Ll]ib/**/site-packages"), None)


def reason(name: str) -> str:
    """Return why a peer is not installed; nothing where it is."""
    if not STATE.exists():
        return "not installed; run PYTHONPATH=.uv python3 benchmarks/peers.py"
    return str(json.loads(STATE.read_text(encoding="utf-8")).get(name, "not tried"))


def main() -> None:
    PEERS.mkdir(parents=True, exist_ok=True)
    state = {}
    for lock in sorted(LOCKS.glob("*.lock")):
        state[lock.stem] = install(lock.stem)
        print(f"{lock.stem}: {state[lock.stem] or 'installed'}", flush=True)
    STATE.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
