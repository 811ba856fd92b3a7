"""What `start` runs side by side: Redis, web server, worker and schedule. Started together, watched, stopped together.

Children get sessions of their own, so Ctrl-C reaches this process alone and it stops them in order; should it be killed,
the kernel tells them. Knows no tasks and no pages.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from django.core.management.base import CommandError

from portfolio.management.redis_server import RedisServer
from portfolio.management.stopping import stop_all

# a worker may be in the middle of an answer; what it does not finish is done again
STOP_SECONDS = 15.0
# a process that dies at once would only be started in circles
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_STEADY = 60.0
_PR_SET_PDEATHSIG = 1

Say = Callable[[str], None]


@dataclass(slots=True)
class _Child:
    """One program, how to start it, and since when it runs."""

    name: str
    launch: Callable[[], "subprocess.Popen[bytes]"]
    is_vital: bool = False  # without it there is nothing to run for
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float = 0.0

    def start(self) -> None:
        self.process = self.launch()
        self.started_at = time.monotonic()


@dataclass(slots=True)
class Household:
    """The processes of one `start`."""

    web: list[str]
    redis: RedisServer | None
    environment: dict[str, str]
    data_folder: Path
    say: Say
    on_new_redis: Callable[[], None] = lambda: None
    _children: list[_Child] = field(default_factory=list)
    _is_stopping: bool = False

    def run(self) -> int:
        """Run until a signal comes or the web server ends; return its exit status."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_soon)
        try:
            self._start_all()
            return self._watch()
        finally:
            self._stop_all()

    def _stop_soon(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _start_all(self) -> None:
        if self.redis is not None:
            server = self.redis
            server.prepare()
            self._add(_Child("redis", lambda: server.start(start_new_session=True, preexec_fn=_dies_with(os.getpid()))))
        self._add(_Child("web", lambda: self._launch(self.web), is_vital=True))
        for name, command in queue_commands(self.data_folder).items():
            self._add(_Child(name, lambda command=command: self._launch(command)))

    def _add(self, child: _Child) -> None:
        if not self._is_stopping:
            child.start()
            self._children.append(child)

    def _launch(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603  programs of this project
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_dies_with(os.getpid()),  # noqa: PLW1509  there is one thread here
        )

    def _watch(self) -> int:
        while not self._is_stopping:
            for child in self._children:
                status = child.process.poll() if child.process else None
                if status is None:
                    continue
                if child.is_vital:
                    return status
                self._start_again(child)
            time.sleep(0.2)
        return 0

    def _start_again(self, child: _Child) -> None:
        now = time.monotonic()
        if not child.again_at:
            child.pause = FIRST_PAUSE if now - child.started_at > _STEADY else min(child.pause * 2, LONGEST_PAUSE)
            child.again_at = now + child.pause
            self.say(f"{child.name} ended by itself; it is started again in {child.pause:.0f} s.")
        if now < child.again_at:
            return
        child.again_at = 0.0
        try:
            child.start()
        except CommandError as error:
            self.say(str(error))
            return
        if child.name == "redis":
            # what was queued is gone with it, and whoever was in the middle of asking the old one begins anew
            self.on_new_redis()
            others = [other for other in self._children if other.name in {"worker", "schedule"}]
            stop_all([other.process for other in others], seconds=STOP_SECONDS)
            for other in others:
                other.start()

    def _stop_all(self) -> None:
        running = [child for child in self._children if child.process is not None]
        # Redis last, since the others say goodbye to it
        for names in ({"web", "worker", "schedule"}, {"redis"}):
            stop_all([child.process for child in running if child.name in names], seconds=STOP_SECONDS)


def queue_commands(data_folder: Path) -> dict[str, list[str]]:
    """Return how worker and schedule are started."""
    celery = [sys.executable, "-m", "celery", "--app", "portfolio", "--quiet"]
    worker = ["worker", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    beat = ["beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(data_folder / "celery-schedule")]
    return {"worker": [*celery, *worker], "schedule": [*celery, *beat]}


def _dies_with(parent: int) -> Callable[[], None]:
    """Return what a child asks the kernel for, where it is Linux: a signal when its parent is gone, even by kill -9."""

    def ask() -> None:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            # the parent may have gone before the question was asked
            if os.getppid() != parent:
                os._exit(1)

    return ask
