"""Runs all tests on SQLite, then those that use the database on PostgreSQL; pytest's closing lines come once more last.

Usage: python scripts/tests.py [pytest's own arguments]
"""
# ruff: noqa: S603, T201  (a script talks to the terminal and starts programs it names itself)

import os
import subprocess
import sys
import tempfile
from collections import deque

_PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"]
_RUNS = {
    "SQLite": _PYTEST,
    "PostgreSQL": [sys.executable, "scripts/with_postgres.py", *_PYTEST, "--database-only"],
}


def main(arguments: list[str]) -> int:
    """Return 0 when every run passed."""
    closing: dict[str, str] = {}
    failed = False
    with tempfile.TemporaryDirectory(prefix="larder-tests-") as folder:
        # what a developer has in the environment must not reach the tests, nor the tests the developer's data
        environment = {**os.environ, "DATA_DIR": folder, "PYTHONUNBUFFERED": "1"}
        for name in ("DATABASE_URL", "REDIS_URL", "BASE_CURRENCY", "COST_METHOD", "HTTPS", "DEBUG", "TIME_ZONE"):
            environment.pop(name, None)
        for name, command in _RUNS.items():
            print(f"\n== Tests on {name}", flush=True)
            status, closing[name] = _run([*command, *arguments], environment)
            failed = failed or status != 0
    print()
    for name, line in closing.items():
        print(f"{name}: {line}")
    return int(failed)


def _run(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Run a command, pass its output on, and return its exit status and last line."""
    last: deque[str] = deque(maxlen=1)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.strip():
                last.append(line.strip())
    return process.returncode, last[0] if last else "pytest printed nothing"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
