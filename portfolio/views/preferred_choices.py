"""What the address of the preferred share tools asks: numbers as typed, numbers as read, and what is wrong with them.

Without questions it is the known case of each tool. Percentages are typed as per cent, kept as fractions.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.translation import gettext as _

from portfolio.engine.preferred import ShareClass
from portfolio.written_values import UnreadableError, number

MOST_CLASSES = 12
LARGEST = Decimal(10) ** 15
SHOWN = {
    "low": "0",
    "high": "10,000,000",
    "proceeds": "3,000,000",
    "principal": "10,000,000",
    "old_rate": "8",
    "new_rate": "5",
    "call_premium": "2",
    "costs": "300,000",
    "years": "",
    "discount": "",
    "tax_rate": "",
    "price": "26",
    "dividend": "1.5",
    "call_price": "25",
    "years_to_call": "3",
    "a_year": "4",
    "cumulative": "yes",
    "missed": "0",
}
COLUMNS = ("name", "invested", "multiple", "share", "seniority", "participating", "cap")
FIRST_CLASS = ("A", "1,000,000", "1.5", "20", "1", "no", "")
BLANK_CLASS = ("", "", "1", "", "1", "no", "")


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class as typed, in the order of the form."""

    name: str
    invested: str
    multiple: str
    share: str
    seniority: str
    participating: str
    cap: str

    @property
    def is_blank(self) -> bool:
        """Say whether nothing was typed that makes a class."""
        return not (self.name or self.invested or self.share or self.cap)


@dataclass(slots=True)
class Typed:
    """The fields of one tool. errors: by field, in the reader's language; "" is the tool as a whole."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def read(
        self, name: str, text: str, *, least: Decimal = Decimal(0), most: Decimal = LARGEST, blank: bool = False
    ) -> float | None:
        """Return a number of a field; None, and an error noted, where it is none. blank: may be left out."""
        text = text.strip().removesuffix("%").strip()
        if not text:
            if not blank:
                self.errors[name] = _("A number is missing here.")
            return None
        try:
            value = number(text)
        except UnreadableError:
            self.errors[name] = _("“%(text)s” is not a number; write one such as 1,500,000 or 2.5.") % {"text": text[:40]}
            return None
        if not least <= value <= most:
            said = {"least": f"{least:f}", "most": f"{most:,f}"}
            self.errors[name] = _("Between %(least)s and %(most)s.") % said
            return None
        return float(value)


def typed_of(asked: QueryDict) -> dict[str, str]:
    """Return every single field as typed, or as the known case has it."""
    return {name: asked.get(name, shown)[:60] for name, shown in SHOWN.items()}


def class_rows(asked: QueryDict) -> list[ClassRow]:
    """Return the classes as typed, the blank ones left out, or the one of the known case."""
    if "invested" not in asked:
        return [ClassRow(*FIRST_CLASS)]
    columns = [asked.getlist(column) for column in COLUMNS]
    count = min(max(map(len, columns)), MOST_CLASSES)
    rows = [
        ClassRow(
            *(
                column[place].strip()[:60] if place < len(column) else blank
                for column, blank in zip(columns, BLANK_CLASS, strict=True)
            )
        )
        for place in range(count)
    ]
    return [row for row in rows if not row.is_blank]


def classes_of(rows: list[ClassRow], typed: Typed) -> list[ShareClass]:
    """Return the classes as the engine wants them; errors are noted by field and row, as in `cap-2`."""
    found = []
    for place, row in enumerate(rows, start=1):
        capped = typed.read(f"cap-{place}", row.cap, blank=True) if row.participating == "yes" else None
        multiple = typed.read(f"multiple-{place}", row.multiple, most=Decimal(100))
        found.append(
            ShareClass(
                name=row.name or _("Class %(number)s") % {"number": place},
                invested=typed.read(f"invested-{place}", row.invested) or 0.0,
                multiple=multiple or 0.0,
                share=(typed.read(f"share-{place}", row.share, most=Decimal(100)) or 0.0) / 100,
                seniority=int(typed.read(f"seniority-{place}", row.seniority, least=Decimal(1), most=Decimal(99)) or 1),
                participating=row.participating == "yes",
                cap=capped,
            )
        )
        if capped is not None and multiple is not None and capped < multiple:
            typed.errors[f"cap-{place}"] = _("A cap under the preference's multiple cannot be.")
    if not found:
        typed.errors[""] = _("Enter one class at least.")
    if sum(each.share for each in found) > 1 + 1e-9:
        typed.errors[""] = _("The conversion shares of all classes are more than the whole company.")
    return found


def waterfall_range(typed: Typed) -> tuple[float, float, float]:
    """Return the lowest, highest and asked proceeds."""
    low = typed.read("low", typed.values["low"]) or 0.0
    high = typed.read("high", typed.values["high"], least=Decimal(1)) or 0.0
    proceeds = typed.read("proceeds", typed.values["proceeds"]) or 0.0
    if not typed.errors and high <= low:
        typed.errors["high"] = _("The highest proceeds lie above the lowest.")
    return low, high, proceeds


def refinancing_of(typed: Typed) -> dict[str, float | None]:
    """Return what the refinancing asks for; rates as fractions."""
    hundred = Decimal(100)

    def share(name: str, *, most: Decimal = hundred, blank: bool = False) -> float:
        return (typed.read(name, typed.values[name], most=most, blank=blank) or 0.0) / 100

    return {
        "principal": typed.read("principal", typed.values["principal"], least=Decimal(1)),
        "old_rate": share("old_rate"),
        "new_rate": share("new_rate"),
        "call_premium": share("call_premium"),
        "costs": typed.read("costs", typed.values["costs"]),
        "years": typed.read("years", typed.values["years"], most=hundred, blank=True),
        "discount": share("discount", blank=True),
        "tax_rate": share("tax_rate", most=Decimal(99), blank=True),
    }


def yields_of(typed: Typed) -> dict[str, float | int | bool | None]:
    """Return what the yields ask for."""
    values = typed.values
    a_year = values["a_year"] if values["a_year"] in {"1", "2", "4", "12"} else "4"
    return {
        "price": typed.read("price", values["price"], least=Decimal("0.0001")),
        "dividend": typed.read("dividend", values["dividend"]),
        "call_price": typed.read("call_price", values["call_price"], least=Decimal("0.0001"), blank=True),
        "years_to_call": typed.read("years_to_call", values["years_to_call"], most=Decimal(100), blank=True),
        "a_year": int(a_year),
        "cumulative": values["cumulative"] == "yes",
        "missed": typed.read("missed", values["missed"], most=Decimal(100), blank=True) or 0.0,
    }
