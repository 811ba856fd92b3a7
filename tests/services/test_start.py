"""`start` as a person meets it: a real server process, a fresh data folder."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def start(project: Path, tmp_path: Path, port: int) -> Iterator[Start]:
    """Return a function that starts the app on a data folder of its own."""
    started: list[subprocess.Popen[str]] = []

    def run(**environment: str) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=project,
            env={**inherited, "DATA_DIR": str(tmp_path), "PORT": str(port), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def said_until_serving(process: subprocess.Popen[str]) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if "Larder is at" in line:
            return said
    pytest.fail(f"it never served:\n{said}")


def is_served(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def count(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "larder.sqlite3")) as database:
        return int(database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608


def test_the_first_start_sets_everything_up_and_ctrl_c_ends_it(start: Start, port: int, tmp_path: Path):
    server = start()
    said = said_until_serving(server)
    wait_until(lambda: is_served(port))

    assert re.search(r"First login: +owner\n +Password: +([a-z2-9]{4}-){3}[a-z2-9]{4}\n", said)
    assert count(tmp_path, "portfolio_transaction") == 229
    with urllib.request.build_opener().open(f"http://127.0.0.1:{port}/static/admin.css") as answer:
        assert answer.status == 200

    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=20) == 0
    # a worker that outlived the server would still hold the port
    assert not is_served(port)


def test_the_password_is_shown_at_the_first_start_only(start: Start, port: int):
    first = start()
    said_until_serving(first)
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=20)

    again = said_until_serving(start())

    assert "Password:" not in again
    assert "make password" in again


def test_an_empty_household_can_be_asked_for(start: Start, tmp_path: Path):
    said_until_serving(start(DEMO="no"))

    assert count(tmp_path, "portfolio_transaction") == 0


def test_a_port_in_use_is_named_before_anything_is_done(start: Start, port: int, tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()

        process = start()
        said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"127.0.0.1:{port} cannot be served" in said
    assert f"PORT={port + 1} make run" in said
    assert not (tmp_path / "larder.sqlite3").exists()


def test_a_port_that_is_none_is_refused(start: Start):
    process = start(PORT="eighty")
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "eighty is no port" in said
