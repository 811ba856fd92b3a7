"""`start`: what `make run` calls. Brings the database up to date, then runs web server, worker, schedule and Redis."""

import argparse
import fcntl
import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from portfolio import demo
from portfolio.management.failures import database_in_words
from portfolio.management.household_processes import Household
from portfolio.management.redis_server import RedisServer, find_redis
from portfolio.market_data import refresh
from portfolio.models import Account, Transaction
from portfolio.roles import Role, give_role, owners_exist

FIRST_OWNER = "owner"


class Command(BaseCommand):
    help = "Prepares database, static files and a first login, then serves the app. Ctrl-C stops it."
    # `migrate` checks the project whenever there is something to migrate; a start in between need not
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        environment = os.environ.get
        parser.add_argument("--host", default=environment("HOST", "127.0.0.1"), help="HOST; 127.0.0.1 by default")
        parser.add_argument("--port", type=_port, default=environment("PORT", "8000"), help="PORT; 8000 by default")
        parser.add_argument("--workers", type=int, default=environment("WORKERS", "2"), help="WORKERS; 2 by default")
        without = environment("DEMO", "yes").lower() in {"no", "false", "off", "0"}
        parser.add_argument("--no-demo", action="store_true", default=without, help="DEMO=no; begin with an empty household")

    def handle(self, *, host: str, port: int, workers: int, no_demo: bool, **options: Any) -> None:
        _refuse_a_taken_port(host, port)
        redis = None if settings.REDIS_URL else find_redis(Path(settings.DATA_DIR))
        if redis is not None:
            redis.prepare()
        with database_in_words():
            _migrate()
            if not no_demo and _is_untouched():
                self.stdout.write("Loading the demo household …")
                demo.load()
            self._show_the_first_login()
        _collect_static_files()
        self.stdout.write(f"Larder is at http://{host}:{port} (Ctrl-C stops it)")
        self.stdout.flush()
        connections.close_all()
        self._run(_web_command(host, port, workers), redis)

    def _run(self, web: list[str], redis: RedisServer | None) -> None:
        """Run everything until Ctrl-C; without any Redis the web server alone, and refreshes by hand."""
        if redis is None and not settings.REDIS_URL:
            self.stdout.write("There is no redis-server here, so prices are fetched by hand: manage.py refresh_market_data")
            self.stdout.flush()
            # in place of this process, so that a signal for it is one for the server, and nothing is left behind
            os.execv(sys.executable, web)  # noqa: S606
        household = Household(
            web=web,
            redis=redis,
            environment={**os.environ, **({"REDIS_URL": redis.address} if redis else {})},
            data_folder=Path(settings.DATA_DIR),
            say=self._say,
            # this Redis serves this household alone: whatever was under way when it went is under way no more
            on_new_redis=lambda: _break_off_runs() if redis else None,
        )
        if redis is not None:
            _break_off_runs()
        sys.exit(household.run())

    def _say(self, sentence: str) -> None:
        self.stderr.write(self.style.WARNING(sentence))

    def _show_the_first_login(self) -> None:
        if owners_exist():
            self.stdout.write("A forgotten password is replaced by: make password")
            return
        user, password = give_role(name=FIRST_OWNER, role=Role.OWNER)
        if password is None:
            # the name is taken by somebody who was an owner once, and the password is theirs
            self.stdout.write(f"{user} is owner again; a forgotten password is replaced by: make password")
            return
        self.stdout.write(f"\n  First login:  {user}\n  Password:     {password}\n")
        self.stdout.write("It is shown this once; make password makes a new one.\n")


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text} is no port; choose a number from 1 to 65535")
    return int(text)


def _refuse_a_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        # as the server does it: a port that was in use a moment ago is free
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"{host}:{port} cannot be served: {error.strerror}. If something runs there already, "
                f"stop it or choose another port: PORT={port + 1} make run"
            ) from None


def _migrate() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def _is_untouched() -> bool:
    # whoever emptied the household on purpose does not want the demo back: accounts leave a history
    return not Transaction.objects.exists() and not Account.history.exists()


def _collect_static_files() -> None:
    """Collect them where one has changed: compressing all of them takes seconds."""
    folder = Path(settings.STATIC_ROOT)
    stamp = folder / ".collected"
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY)
    try:
        # of two that start together one collects, and the other finds it done
        fcntl.flock(lock, fcntl.LOCK_EX)
        fingerprint = _static_fingerprint()
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != fingerprint:
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
            stamp.write_text(fingerprint, encoding="utf-8")
    finally:
        os.close(lock)


def _static_fingerprint() -> str:
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            found.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _break_off_runs() -> None:
    refresh.break_off(clock=timezone.now)
    connections.close_all()


def _web_command(host: str, port: int, workers: int) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        sys.executable, "-m", "gunicorn", "portfolio.wsgi", "--bind", address, "--workers", str(workers), "--threads", "4",
        "--timeout", "120", "--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
