"""What instruments are called beside their symbol, in the reader's language. One query for all of them."""

from portfolio import formatting as show
from portfolio.models import Instrument


def instrument_names() -> dict[str, str]:
    """Return the name of every instrument by its symbol; the other language's name where there is only that."""
    first, second = ("name_zh", "name") if show.is_chinese() else ("name", "name_zh")
    rows = Instrument.objects.order_by().values_list("symbol", first, second)
    return {symbol: wanted or other for symbol, wanted, other in rows}
