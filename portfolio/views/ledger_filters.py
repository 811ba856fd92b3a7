"""What the ledger page was asked to show: reads the questions of its form, narrows the rows. Formats nothing."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Q, QuerySet
from django.http import QueryDict

from portfolio.engine.kinds import Kind
from portfolio.models import Account, Instrument, Transaction

NAMES = ("kind", "account", "instrument", "year", "q")
# what a decimal column can hold; a longer figure is text
LONGEST_FIGURE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions; empty where nothing was asked. Words the ledger does not know find no row."""

    kind: str = ""
    account: str = ""  # name
    instrument: str = ""  # symbol
    year: str = ""
    q: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Say whether any question was asked."""
        return any(getattr(self, name) for name in NAMES)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: only what some row has."""

    kinds: list[str]
    accounts: list[str]
    instruments: list[str]
    years: list[str]


def asked(query: QueryDict) -> Asked:
    """Return the questions of an address."""
    return Asked(**{name: query.get(name, "").strip()[:100].replace("\x00", "") for name in NAMES})


def choices() -> Choices:
    """Return what can be chosen; four small queries, whatever the ledger's length."""
    used = set(Transaction.objects.order_by().values_list("kind", flat=True).distinct())
    return Choices(
        kinds=[str(kind) for kind in Kind if kind in used],
        accounts=list(Account.objects.order_by("name").values_list("name", flat=True)),
        instruments=list(Instrument.objects.order_by("symbol").values_list("symbol", flat=True)),
        years=[str(day.year) for day in Transaction.objects.dates("date", "year", order="DESC")],
    )


def narrowed(rows: QuerySet[Transaction], questions: Asked) -> QuerySet[Transaction]:
    """Return the rows that answer every question; a transfer belongs to both of its accounts."""
    if questions.kind:
        rows = rows.filter(kind=questions.kind)
    if questions.account:
        rows = rows.filter(Q(account__name=questions.account) | Q(to_account__name=questions.account))
    if questions.instrument:
        rows = rows.filter(instrument__symbol=questions.instrument)
    if questions.year:
        rows = rows.filter(date__year=int(questions.year)) if _is_year(questions.year) else rows.none()
    for word in questions.q.split():
        rows = rows.filter(_mentions(word))
    return rows


def _mentions(word: str) -> Q:
    """Return where a word may stand: symbol, names, note, accounts, ids; a figure also as amount, units or price."""
    found = Q()
    for field in ("instrument__symbol", "instrument__name", "instrument__name_zh", "note", "account__name", "to_account__name"):
        found |= Q(**{f"{field}__icontains": word})
    found |= Q(external_id=word) | Q(source__file_name__icontains=word)
    figure = _figure(word)
    if figure is not None:
        found |= Q(amount=figure) | Q(quantity=figure) | Q(price=figure) | Q(to_amount=figure)
    return found


def _figure(word: str) -> Decimal | None:
    plain = word.replace(",", "")
    if len(plain) > LONGEST_FIGURE or not plain.replace(".", "", 1).isascii() or not plain.replace(".", "", 1).isdigit():
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text) <= 9999
