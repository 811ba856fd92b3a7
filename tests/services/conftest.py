"""Real programs beside the tests: a Redis, workers on the tests' own database, a local Yahoo."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection

from portfolio.celery import app as real_app
from portfolio.celery import broker_address
from portfolio.management.redis_server import RedisServer, find_redis
from portfolio.management.stopping import stop_all
from tests.market_data.yahoo_server import LocalYahoo

# nothing below takes as long; a hang ends in a sentence instead
PATIENCE = 120.0


def wait_until(holds: Callable[[], Any], *, what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.05)


@pytest.fixture
def yahoo() -> Iterator[LocalYahoo]:
    server = LocalYahoo()
    yield server
    server.close()


class Machine:
    """A folder, a Redis and as many workers as one starts."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        found = find_redis(folder)
        assert found is not None, "a redis-server comes with the packages"
        self.redis: RedisServer = found
        self.environment = {**environment, "DATA_DIR": str(folder), "REDIS_URL": found.address}
        self.workers: list[subprocess.Popen[bytes]] = []
        self.log = folder / "worker.log"
        self._redis_process: subprocess.Popen[bytes] | None = None

    def start_redis(self) -> None:
        self.redis.prepare()
        self._redis_process = self.redis.start()

    def kill_redis(self) -> None:
        assert self._redis_process is not None
        self._redis_process.kill()
        self._redis_process.wait()

    def start_worker(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "celery", "--app", "portfolio", "--quiet", "worker", "--concurrency", "2"]
        # Celery takes processes whose node names agree for one
        command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "-n", f"worker{len(self.workers)}@%h"]
        with self.log.open("ab") as log:
            worker = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        self.workers.append(worker)
        return worker

    def kill_worker(self, worker: "subprocess.Popen[bytes]") -> None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def order_refresh(self) -> None:
        app = Celery(broker=broker_address(self.redis.address))
        app.conf.broker_transport_options = real_app.conf.broker_transport_options
        app.send_task("portfolio.tasks.refresh_market_data", kwargs={"trigger": "person"})
        app.close()

    def stop(self) -> None:
        stop_all(self.workers, seconds=10)
        for worker in self.workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
        if self._redis_process is not None:
            stop_all([self._redis_process], seconds=5)


def database_url() -> str:
    """Return the address of the tests' own database, for other processes."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    host = found["HOST"] or found["OPTIONS"].get("host", "")
    return f"postgresql://{found['USER']}@/{found['NAME']}?host={host}"


@pytest.fixture
def machine(transactional_db: None, tmp_path: Path, yahoo: LocalYahoo) -> Iterator[Machine]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "YAHOO_ADDRESS": yahoo.address,
        "BASE_CURRENCY": "USD",
        "MARKET_DATA_PAUSE": "0.2",
        "MARKET_DATA_TRIES": "4",
        "MARKET_DATA_TIMEOUT": "10",
    }
    found = Machine(tmp_path, environment)
    found.start_redis()
    yield found
    found.stop()
