"""`start`: four programs together, and none of them left afterwards."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import pytest

from portfolio.market_data.sessions import last_closed_session, next_close
from tests.services.conftest import wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid):
    """Return every process below one, with its command line."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
            with open(f"/proc/{entry}/cmdline", "rb") as file:
                found[int(entry)] = (parent, file.read().replace(b"\0", b" ").decode())
        except (FileNotFoundError, ProcessLookupError):
            continue
    below, level = {}, {pid}
    while level:
        level = {child for child, (parent, _) in found.items() if parent in level}
        below.update({child: found[child][1] for child in level})
    return below


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@contextmanager
def started(project, folder, port, **environment):
    settings = {"DATA_DIR": str(folder), "DEMO": "no", "WORKERS": "1", "DATABASE_URL": "", "REDIS_URL": "", **environment}
    with (folder / "out.txt").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--port", str(port)],
            cwd=project, env={**os.environ, **settings}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_for_all(process, port):
    def is_complete():
        lines = " ".join(children_of(process.pid).values())
        return all(word in lines for word in ("redis-server", "gunicorn", " worker ", " beat ")) and answers(port)

    wait_until(is_complete, what="web, worker, schedule and Redis are there")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_all_four_start_and_stop_together_whatever_the_signal(project, tmp_path, number):
    port = free_port()
    with started(project, tmp_path, port) as process:
        wait_for_all(process, port)
        below = children_of(process.pid)

        process.send_signal(number)
        process.wait(60)

        # killed outright it cannot stop them; the kernel tells them
        wait_until(lambda: not any(is_alive(pid) for pid in below), what=f"nothing is left of {below}", seconds=40)


def test_a_second_start_on_the_same_folder_says_so_and_a_stale_pid_stops_nobody(project, tmp_path):
    port = free_port()
    with started(project, tmp_path, port) as process:
        wait_for_all(process, port)
        second = subprocess.run(
            [sys.executable, "manage.py", "start", "--port", str(free_port())],
            cwd=project, env={**os.environ, "DATA_DIR": str(tmp_path), "DEMO": "no", "DATABASE_URL": "", "REDIS_URL": ""},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert second.returncode != 0
        assert "already runs on this data folder" in second.stderr
    # the number of a process that lives, and is no Redis
    (tmp_path / "redis" / "redis.pid").write_text(str(os.getpid()))
    with started(project, tmp_path, port) as process:
        wait_for_all(process, port)


def test_the_schedule_goes_on_after_redis_was_killed(project, tmp_path):
    """The delay is chosen so that the last close is due in three quarters of a minute."""
    now = dt.datetime.now(dt.UTC)
    day = last_closed_session(exchange="XNYS", now=now)
    close = next_close(exchange="XNYS", after=dt.datetime.combine(day, dt.time(), dt.UTC))
    delay = ((now - close).total_seconds() + 45) / 60
    port = free_port()
    with started(project, tmp_path, port, MARKET_DATA_EXCHANGES="XNYS", MARKET_DATA_DELAY=f"{delay:.4f}") as process:
        wait_for_all(process, port)
        redis = next(pid for pid, line in children_of(process.pid).items() if "redis-server" in line)

        os.kill(redis, signal.SIGKILL)

        wait_until(lambda: scheduled_runs(tmp_path) == 1, what="the run that was due has been made", seconds=90)


def scheduled_runs(folder):
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(folder / "larder.sqlite3", timeout=20) as database:
        return database.execute("SELECT COUNT(*) FROM portfolio_marketdatarun WHERE trigger = 'schedule'").fetchone()[0]
