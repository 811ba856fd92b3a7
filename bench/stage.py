"""Sets the scene: a household of each size, imported by the app's own commands into a database of its own.

Nothing here touches the database a person uses: DATA_DIR points into the given folder before Django starts.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import yardstick
from bench.generator import TINY, Size, household_at

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "larder.sqlite3"
# what a person has set for the real instance must not leak into a timing
UNSET = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "COST_METHOD", "STALE_SESSIONS", "ALLOWED_HOSTS", "HTTPS", "DEBUG")


class CommandFailedError(RuntimeError):
    """A command of the app failed while the scene was set; the message carries what it wrote."""


@dataclass(frozen=True, slots=True)
class Household:
    """One household: its files, its databases, and connections that stay open as those of a web worker do."""

    size: Size
    files: Path
    data: Path  # DATA_DIR of a process that is to use it
    connection: "BaseDatabaseWrapper"
    plain: "BaseDatabaseWrapper"  # the yardstick's file

    def enter(self) -> None:
        """Make this household the app's database, every cache empty."""
        from portfolio import queries  # noqa: PLC0415  Django must have started

        use(self.connection)
        queries.forget()

    def yardstick(self) -> yardstick.Result:
        """Compute the reference figures anew."""
        with self.plain.cursor() as cursor:
            return yardstick.review(cursor)


class Stage:
    """Makes households in a folder and keeps them there; a second run with the same folder finds them again."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        self._made: dict[str, Household] = {}
        os.environ.update(environment(folder / "process"))
        for name in UNSET:
            os.environ.pop(name, None)
        import django  # noqa: PLC0415  not before DATA_DIR is set

        django.setup()

    def household(self, size: Size = TINY) -> Household:
        """Return a household, made and imported on first use."""
        if size.name not in self._made:
            files = household_at(folder=self.folder / size.name / "files", size=size)
            data = self.folder / size.name / "data"
            ready = data / _mark()
            if not ready.exists():
                shutil.rmtree(data, ignore_errors=True)
                _import(files, data)
                yardstick.build(folder=files, database=data / "yardstick.sqlite3")
                ready.touch()
            self._made[size.name] = Household(
                size, files, data, connection_to(data / DATABASE), connection_to(data / "yardstick.sqlite3")
            )
        return self._made[size.name]


def environment(data: Path) -> dict[str, str]:
    """Return the environment of a process that uses the database in a folder."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return kept | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "portfolio.settings", "BASE_CURRENCY": "TWD"}


def manage(*words: str, data: Path) -> str:
    """Run `manage.py` in a process of its own and return what it wrote.

    Raises CommandFailedError when it does not end well.
    """
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    done = subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False)  # noqa: S603  our own script
    if done.returncode:
        raise CommandFailedError(f"manage.py {' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def connection_to(database: Path) -> "BaseDatabaseWrapper":
    """Return a connection with the app's own settings to another SQLite file; it opens on first use and stays open."""
    from django.db import connections  # noqa: PLC0415  Django must have started

    made: BaseDatabaseWrapper = connections.create_connection("default")
    made.settings_dict = {**made.settings_dict, "NAME": str(database)}
    return made


def use(connection: "BaseDatabaseWrapper") -> None:
    """Make a connection the app's default one."""
    from django.db import connections  # noqa: PLC0415

    connections["default"] = connection


def copied(source: Path, target: Path) -> "BaseDatabaseWrapper":
    """Return a connection to a fresh copy of a database that nobody has open."""
    for suffix in ("", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(source, target)
    return connection_to(target)


def _mark() -> str:
    """Return the name of a file that says a database is complete; a new migration asks for a new database."""
    names = sorted(path.name for path in (ROOT / "portfolio" / "migrations").glob("0*.py"))
    return f"ready-{zlib.crc32(' '.join(names).encode()):08x}"


def _import(files: Path, data: Path) -> None:
    """Import as a household would, keeping a copy of the database before each of the two imports that are timed."""
    data.mkdir(parents=True)
    manage("migrate", "--verbosity", "0", data=data)
    manage("import_instruments", str(files / "instruments.csv"), data=data)
    _keep(data, "before_market_data.sqlite3")
    manage("import_market_data", str(files / "market"), data=data)
    for amount, year in ((24_000, 2023), (25_000, 2024), (26_000, 2025)):
        manage("set_salary", str(amount), "--from", f"{year}-01-01", data=data)
    _keep(data, "before_ledger.sqlite3")
    manage("import_ledger", str(files / "ledger.csv"), data=data)


def _keep(data: Path, name: str) -> None:
    with sqlite3.connect(data / DATABASE) as source, sqlite3.connect(data / name) as target:
        source.backup(target)
    source.close()
    target.close()


def database_rows(connection: Any, table: str) -> int:
    """Return how many rows a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  our own names
        return int(cursor.fetchone()[0])
