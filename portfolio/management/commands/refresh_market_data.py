"""`refresh_market_data`: what the worker does after each close, in the foreground, with a progress bar and a summary."""

import shutil
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tabulate import tabulate

from portfolio import demo
from portfolio.management.arguments import date_argument
from portfolio.management.failures import database_in_words
from portfolio.market_data import refresh
from portfolio.market_data.missing import UnknownNameError
from portfolio.models import MarketDataRun, RunItem


class Command(BaseCommand):
    help = "Fetches the closes, exchange rates, distributions and splits that are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--symbols", nargs="+", default=[], metavar="SYMBOL", help="these alone, also pairs as USDTWD")
        parser.add_argument("--since", type=date_argument, default=None, metavar="DATE", help="all from here on, stored or not")

    def handle(self, *, symbols: list[str], since: Any, **options: Any) -> None:
        with database_in_words():
            if demo.is_loaded() and not symbols:
                self.stdout.write(
                    "This is the demo household, whose closes are made up: nothing was fetched. --symbols names what to fetch."
                )
                return
            run = self._begin(symbols, since)
            try:
                self._work(run)
            except KeyboardInterrupt:
                refresh.break_off(clock=timezone.now)
                raise CommandError("Stopped. What had arrived is kept; the next refresh fetches the rest.") from None
            finally:
                self._clear()
            self._print(run)

    def _begin(self, symbols: list[str], since: Any) -> MarketDataRun:
        try:
            return refresh.begin(trigger=MarketDataRun.Trigger.COMMAND, clock=timezone.now, since=since, names=symbols)
        except refresh.RunUnderWayError as error:
            raise CommandError(f"{error} Wait for it to end; one that broke off makes way by itself after a while.") from None
        except UnknownNameError as error:
            raise CommandError(str(error)) from None

    def _work(self, run: MarketDataRun) -> None:
        waiting = [item for batch in refresh.batches(run=run) for item in batch]
        for tries in range(1, settings.MARKET_DATA_TRIES + 1):
            left, retry_after = [], 0.0
            for item in waiting:
                result = refresh.work(items=[item], clock=timezone.now, is_last_try=tries == settings.MARKET_DATA_TRIES)
                left.extend(result.items)
                retry_after = max(retry_after, result.retry_after)
                self._show(run)
            if not left:
                break
            waiting = left
            seconds = refresh.pause(tries=tries, retry_after=retry_after)
            self._line(f"{len(left)} could not be reached; trying again in {seconds:.0f} s …")
            time.sleep(seconds)
        refresh.finish(run=run, clock=timezone.now)

    def _show(self, run: MarketDataRun) -> None:
        if not self.stderr.isatty():
            return
        found = refresh.progress(run=run)
        ready = found.done + found.failed
        width = 30
        filled = width * ready // max(found.items, 1)
        self._line(f"{'█' * filled}{'░' * (width - filled)} {ready}/{found.items}  {found.written:,} new or changed")

    def _line(self, text: str) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{text[: shutil.get_terminal_size().columns - 1]}", ending="")
            self.stderr.flush()

    def _clear(self) -> None:
        self._line("")

    def _print(self, run: MarketDataRun) -> None:
        items = list(run.items.select_related("instrument"))
        if not items:
            self.stdout.write("Nothing is missing.")
            return
        rows = [
            (item.name, item.get_source_display() or "", str(item.start), item.written, item.doubted or "", item.message)
            for item in items
        ]
        # a long note must not push the columns off the screen
        width = max(shutil.get_terminal_size((110, 24)).columns - 70, 30)
        names = ("symbol", "source", "from", "new or changed", "quarantined", "notes")
        self.stdout.write(tabulate(rows, names, maxcolwidths=[None] * 5 + [width]))
        found = refresh.progress(run=run)
        self.stdout.write(
            f"\n{found.done} of {found.items} done, {found.failed} failed, "
            f"{found.written:,} new or changed, {found.doubted} quarantined."
        )
        if found.failed:
            failed = ", ".join(item.name for item in items if item.state == RunItem.State.FAILED)
            raise CommandError(f"Not fetched: {failed}. What arrived is kept; the next refresh tries these again.")
