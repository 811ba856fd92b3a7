"""Who can be asked for an instrument, in which order. Sources load what they need when they are asked, not before."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from portfolio.engine.kinds import InstrumentType
from portfolio.market_data.answers import Answer, Asked, Close, NotMineError, Payment, PriceSource, SourceError, SplitEvent
from portfolio.market_data.close_file import DatedRow, FaultyFileError, read_closes, read_dated_rows
from portfolio.models import Instrument
from portfolio.models.market import Source

FETCHED = (Source.YAHOO, Source.TREASURY, Source.FOLDER)


def source_order(instrument: Instrument) -> tuple[str, ...]:
    """Return the names of the sources to ask, the first to answer counts; none where closes are typed in.

    Blank in the instrument: the Treasury's yields for Treasuries, nobody for other bonds without a quote symbol, Yahoo
    for the rest, and last the folder where one is set.
    """
    chosen = [word.strip().lower() for word in instrument.source_order.split(",") if word.strip()]
    if chosen:
        return tuple(name for name in chosen if name in FETCHED)
    if instrument.type == InstrumentType.BOND and not instrument.quote_symbol:
        first = [Source.TREASURY.value] if instrument.issuer_country == "US" and instrument.maturity_date else []
    else:
        first = [Source.YAHOO.value]
    return (*first, *([Source.FOLDER.value] if settings.MARKET_DATA_FOLDER else []))


def source_named(name: str) -> PriceSource:
    """Return a source by its name."""
    if name == Source.YAHOO:
        from portfolio.market_data.yahoo import YahooSource  # noqa: PLC0415  each loads what others need not

        return YahooSource(settings.YAHOO_ADDRESS, settings.MARKET_DATA_TIMEOUT)
    if name == Source.TREASURY:
        from portfolio.market_data.treasury_curve import TreasurySource  # noqa: PLC0415

        return TreasurySource(settings.TREASURY_ADDRESS, settings.MARKET_DATA_TIMEOUT)
    return FolderSource(Path(settings.MARKET_DATA_FOLDER))


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of CSV files as `import_market_data` reads it, looked into anew at each refresh."""

    folder: Path

    def fetch(self, asked: Asked) -> Answer:
        """Return what the instrument's or the pair's files hold of the stretch. Raises SourceError."""
        part, column = ("fx", "rate") if asked.pair else ("prices", "close")
        path = self._file(part, asked)
        if path is None:
            raise NotMineError(f"{self.folder} has no {part}/{asked.symbol}.csv.")
        try:
            closes = read_closes(file=f"{part}/{path.name}", data=path.read_bytes(), value_column=column, today=asked.end)
            payments = self._rows("dividends", "amount", asked)
            splits = self._rows("splits", "ratio", asked)
        except FaultyFileError as error:
            raise SourceError(str(error.faults[0])) from error
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}.") from error
        found = (Close(date, value) for date, value in closes.pairs())
        return Answer(
            closes=[close for close in found if close.date >= asked.start],
            payments=[Payment(row.date, row.number, row.pay_date) for row in payments if row.date >= asked.start],
            splits=[SplitEvent(row.date, row.number) for row in splits if row.date >= asked.start],
            currency=asked.currency,
        )

    def _file(self, part: str, asked: Asked) -> Path | None:
        names = dict.fromkeys((asked.symbol, asked.market_symbol))
        return next((path for name in names if (path := self.folder / part / f"{name}.csv").is_file()), None)

    def _rows(self, part: str, column: str, asked: Asked) -> list[DatedRow]:
        path = self._file(part, asked)
        if path is None:
            return []
        optional = "pay_date" if part == "dividends" else ""
        return read_dated_rows(file=f"{part}/{path.name}", data=path.read_bytes(), value_column=column, optional_date=optional)
