"""What the tests of brokers' files share: an import, the rows that it left, and files in halves and backwards."""

import datetime as dt

from portfolio.importers.files import import_file
from portfolio.importers.report import FileReport
from portfolio.importers.save import Choices
from portfolio.models import Transaction

TODAY = dt.date(2026, 1, 1)


def bring(text: str | bytes, *, account: str = "Broker", format_name: str = "auto", **options: object) -> FileReport:
    """Import a text; its counts must add up."""
    data = text if isinstance(text, bytes) else text.encode()
    choices = Choices(**{name: options.pop(name) for name in ("dry_run", "accept_updates") if name in options})
    report = import_file(
        name="file.csv", data=data, today=TODAY, format_name=format_name, account=account, choices=choices, **options
    )
    parts = report.imported + report.duplicates + report.skipped + len(report.needs_review) + len(report.rejected)
    assert report.rows == parts
    return report


def ledger() -> list[tuple[object, ...]]:
    """Return every stored row by what it says, sorted."""
    columns = (
        "date", "kind", "account__name", "instrument__symbol", "quantity", "price", "amount", "currency", "fee", "tax",
        "accrued_interest", "to_account__name", "tax_year", "note", "external_id",
    )  # fmt: skip
    return sorted(Transaction.objects.values_list(*columns), key=str)


def stored(*columns: str, **filters: object) -> list[tuple[object, ...]]:
    """Return columns of stored rows by date and entry; numbers as short texts."""
    rows = Transaction.objects.filter(**filters).order_by("date", "pk").values_list(*columns)
    return [tuple(_short(value) for value in row) for row in rows]


def _short(value: object) -> object:
    return f"{value.normalize():f}" if hasattr(value, "normalize") else value


def gives_one_ledger(text: str, *, header_lines: int = 1, **options: object) -> None:
    """Check that a file brings one and the same ledger as it is, twice, backwards and in two overlapping halves."""
    lines = text.rstrip("\n").split("\n")
    header, rows = lines[:header_lines], lines[header_lines:]
    third = len(rows) // 3

    def part(chosen: list[str]) -> str:
        return "\n".join([*header, *chosen]) + "\n"

    bring(text, **options)
    expected = ledger()
    assert expected
    assert bring(text, **options).written == 0
    assert ledger() == expected
    for pieces in ([rows[::-1]], [rows[: 2 * third + 1], rows[third:]], [rows[third:], rows[: 2 * third + 1]]):
        Transaction.objects.all().delete()
        for piece in pieces:
            bring(part(piece), **options)
        assert ledger() == expected
