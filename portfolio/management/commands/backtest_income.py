"""`backtest_income`: what the forecast said at past quarter-ends against what was then paid, by payer."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.engine.back_test import Paid, Trial, mean_absolute_error, trials
from portfolio.engine.periods import iso, to_day
from portfolio.management.arguments import add_format
from portfolio.management.failures import database_in_words
from portfolio.models import Distribution, Split


class Command(BaseCommand):
    help = "Compares past forecasts of twelve months with what was then paid, per unit, from the stored distributions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--symbols", nargs="+", metavar="SYMBOL", help="these payers only")
        parser.add_argument("--details", action="store_true", help="every quarter-end, not only the mean error")
        add_format(parser, "text", "json")

    def handle(self, **options: Any) -> None:
        wanted = options["symbols"]
        with database_in_words():
            histories = _histories()
        unknown = sorted(set(wanted or ()) - set(histories))
        if unknown:
            raise CommandError(f"No distributions are stored for {', '.join(unknown)}; import_market_data loads them.")
        found = {symbol: trials(history=history) for symbol, history in histories.items() if not wanted or symbol in wanted}
        if options["format"] == "json":
            self.stdout.write(json.dumps([_as_json(*each) for each in found.items()], indent=2))
            return
        for symbol, mine in found.items():
            self._print(symbol, mine, details=options["details"])

    def _print(self, symbol: str, mine: Sequence[Trial], *, details: bool) -> None:
        error = mean_absolute_error(found=mine)
        if error is None:
            self.stdout.write(f"{symbol:<24} no quarter-end from 2023-12-31 on has four whole quarters after it")
            return
        self.stdout.write(f"{symbol:<24} mean absolute error {error:7.2%} over {len(mine)} quarter-ends")
        for trial in mine if details else ():
            self.stdout.write(
                f"    {iso(trial.as_of)}  forecast {trial.forecast:10.4f}  paid {trial.paid:10.4f}  error {trial.error:+7.2%}"
            )


def _histories() -> dict[str, list[Paid]]:
    """Return every instrument's distributions in today's units: those before a split divided by its ratio."""
    splits: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for instrument, date, ratio in Split.objects.values_list("instrument_id", "ex_date", "ratio"):
        splits[instrument].append((to_day(date), float(ratio)))
    found: dict[str, list[Paid]] = defaultdict(list)
    rows = Distribution.objects.order_by("instrument__symbol", "ex_date").values_list(
        "instrument__symbol", "instrument_id", "ex_date", "amount", "pay_date"
    )
    for symbol, instrument, ex_date, amount, pay_date in rows:
        ex_day, units = to_day(ex_date), 1.0
        for day, ratio in splits[instrument]:
            units *= ratio if ex_day < day else 1.0
        found[symbol].append(Paid(ex_day, float(amount) / units, to_day(pay_date) if pay_date else -1))
    return dict(found)


def _as_json(symbol: str, mine: Sequence[Trial]) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "mean_absolute_error": mean_absolute_error(found=mine),
        "quarter_ends": [
            {"as_of": iso(trial.as_of), "forecast": trial.forecast, "paid": trial.paid, "error": trial.error} for trial in mine
        ],
    }
