"""Which symbol a code in a Sharesight report means: the two reports name markets differently. Pure."""

from dataclasses import dataclass

# names of one market in the two reports
_MARKETS = {
    "FUNDUK": "UKF",
    "FUNDAU": "AUF",
    "FUNDNZ": "NZF",
    "FUNDUS": "USF",
    "FUNDCA": "CAF",
    "FUNDIE": "IEF",
}


def market_of(name: str) -> str:
    """Return the one name of a market."""
    folded = "".join(name.upper().split())
    return _MARKETS.get(folded, folded)


@dataclass(frozen=True, slots=True)
class Code:
    """A code with its market, however the report joins them."""

    code: str
    market: str

    @classmethod
    def joined(cls, text: str) -> "Code":
        """Return the two parts of CODE.MARKET; codes may hold points themselves."""
        code, point, market = text.rpartition(".")
        return cls(code.upper(), market_of(market)) if point and code else cls(text.upper(), "")

    @classmethod
    def apart(cls, code: str, market: str) -> "Code":
        """Return the parts of two cells."""
        return cls(code.upper(), market_of(market))


@dataclass(frozen=True, slots=True)
class Codes:
    """All codes of a file: a code that stands for two securities goes with its market."""

    _twice: frozenset[str]

    @classmethod
    def of(cls, codes: list[Code]) -> "Codes":
        """Find the codes that stand on more than one market."""
        markets: dict[str, set[str]] = {}
        for each in codes:
            if each.market:
                markets.setdefault(each.code, set()).add(each.market)
        return cls(frozenset(code for code, found in markets.items() if len(found) > 1))

    def symbol(self, code: Code) -> str:
        """Return the symbol that rows use."""
        return f"{code.code}.{code.market}" if code.code in self._twice and code.market else code.code
