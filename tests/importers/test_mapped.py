"""Files read by a mapping: Taiwan's brokers, decimal commas, two columns for one number, presets that are found again."""

import datetime as dt
from decimal import Decimal

import pytest

from portfolio.importers.formats import format_of
from portfolio.importers.mapped import read, recognises
from portfolio.importers.mapped_values import mapped_date, mapped_number
from portfolio.importers.mapping import Mapping, MappingError, mapping_from
from portfolio.importers.mapping_guess import guess
from portfolio.importers.mapping_store import preset_named, save_preset
from portfolio.importers.text import FileError
from portfolio.models import Account, ImportMapping, Instrument, RememberedName
from portfolio.written_values import UnreadableError
from tests.importers.brokers import TODAY, bring, gives_one_ledger, stored
from tests.importers.fuzzing import survives_any_cell, survives_damage

pytestmark = pytest.mark.django_db
TAIWAN = "成交日期,買賣別,股票代號,股票名稱,成交股數,成交價,成交金額,手續費,交易稅,應收付金額,委託書號\n"
ROWS = (
    '114/03/28,現股買進,0050,元大台灣50,"1,000",180.5,"180,500",257,0,"-180,757",A0001\n'
    '114/03/31,現股賣出,0050,元大台灣50,"1,000",182,"182,000",259,182,"181,559",A0002\n'
)
PLAIN = {
    "columns": {"date": "When", "type": "What", "symbol": "Which", "quantity": "Units", "price": "Each", "amount": "Sum"},
    "words": {"bought": "BUY", "sold": "SELL", "paid": "DIVIDEND", "moved": "DEPOSIT|WITHDRAWAL", "noise": "skip"},
    "constants": {"currency": "USD"},
}
HEADER = "When,What,Which,Units,Each,Sum\n"


def rules(**changes):
    return {**PLAIN, **changes}


def reading(text, **changes):
    return read(data=text.encode(), today=TODAY, account="Broker", mapping=mapping_from(rules(**changes)))


def codes(found):
    return [problem.code for problem in found.needs_review]


# --- Taiwan


def test_a_taiwanese_brokers_file_is_read_by_the_preset_that_comes_along():
    bring("證券交易明細\n帳號,9801-1234567\n" + TAIWAN + ROWS + "合計,,,,,,,516,182,802,\n")

    # 180,500 + 257 = 180,757; 182,000 - 259 - 182 = 181,559
    assert stored("date", "kind", "instrument__symbol", "quantity", "amount", "fee", "tax", "currency") == [
        (dt.date(2025, 3, 28), "BUY", "0050", "1000", "180500", "257", "0", "TWD"),
        (dt.date(2025, 3, 31), "SELL", "0050", "1000", "182000", "259", "182", "TWD"),
    ]
    assert Instrument.objects.get().name == "元大台灣50"


def test_totals_and_titles_are_counted_as_skipped():
    report = bring(TAIWAN + ROWS + "小計,,,,,,,516,182,802,\n以上資料僅供參考\n")

    assert (report.rows, report.imported, report.skipped) == (4, 2, 2)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp950", "utf-16"])
def test_every_encoding_of_taiwan_reads_the_same(encoding):
    assert bring((TAIWAN + ROWS).encode(encoding)).imported == 2


def test_full_width_digits_are_digits_and_lots_of_a_thousand_are_scaled():
    header = TAIWAN.replace("成交股數", "成交張數")
    row = "１１４／０３／２８,現買,２３３０,台積電,２,１０００,２００００００,２８５０,０,－２００２８５０,A3\n"

    bring(header + row)

    assert stored("instrument__symbol", "quantity", "price", "amount") == [("2330", "2000", "1000", "2000000")]


@pytest.mark.parametrize("word", ["融資買進", "融券賣出", "現股當沖", "減資", "匯撥"])
def test_margin_short_sales_and_units_without_money_are_left_to_a_person(word):
    assert codes(bring(TAIWAN + ROWS.replace("現股買進", word).splitlines(keepends=True)[0])) == ["left_to_you"]


def test_a_word_the_preset_does_not_know_is_asked_about():
    assert codes(bring(TAIWAN + ROWS.replace("現股買進", "新種買賣"))) == ["unknown_word"]


def test_code_and_name_may_share_a_cell():
    bring(TAIWAN.replace("股票名稱", "備考") + ROWS.replace("0050,元大台灣50", "2330 台積電,"))

    assert Instrument.objects.values_list("symbol", "name").get() == ("2330", "台積電")


def test_a_net_amount_that_does_not_add_up_is_asked_about():
    assert codes(bring(TAIWAN + ROWS.replace("-180,757", "-190,757"))) == ["does_not_add_up"]


def test_a_dividend_without_its_gross_is_booked_as_it_was_paid_with_a_warning():
    row = '114/07/18,現金股利,0050,元大台灣50,,,,,,"2,700",\n'

    report = bring(TAIWAN + row)

    assert stored("kind", "amount", "tax") == [("DIVIDEND", "2700", "0")]
    assert "net_income" in [warning.code for warning in report.warnings]


@pytest.mark.parametrize(
    "text", ["114/03/31", "1140331", "114.3.31", "民國114年3月31日", "114-03-31", "2025/03/31", "2025年3月31日", "20250331"]
)
def test_years_of_the_republic_are_read_beside_the_others(text):
    assert mapped_date(text, style="roc") == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("text", "style"), [("114/03/31", "ymd"), ("13/31/2025", "mdy"), ("31/13/2025", "dmy"), ("soon", "roc")]
)
def test_dates_that_do_not_fit_the_style_are_no_dates(text, style):
    with pytest.raises(UnreadableError):
        mapped_date(text, style=style)


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234,56", ",", "1234.56"),
        ("12,5", ",", "12.5"),
        ("1,234.56", ".", "1234.56"),
        ("－１２", ".", "-12"),
        ("", ",", None),
    ],
)
def test_numbers_are_written_as_the_mapping_says(text, decimal, value):
    assert mapped_number(text, decimal=decimal) == (None if value is None else Decimal(value))


def test_a_number_of_the_other_style_is_no_number():
    with pytest.raises(UnreadableError):
        mapped_number("1,234.56", decimal=",")


# --- what a mapping can say


def test_words_mean_types_and_skip_and_directions():
    found = reading(
        HEADER
        + "2025-03-28,bought,ABC,10,15,150\n2025-03-28,moved,,,,500\n2025-03-29,moved,,,,-20\n2025-03-30,noise,,,,1\n"
        + "2025-03-31,paid,ABC,,,-3\n2025-03-31,gifted,ABC,,,3\n"
    )

    assert [(row.kind, row.amount) for row in found.rows] == [("BUY", 150), ("DEPOSIT", 500), ("WITHDRAWAL", 20)]
    assert (found.skipped, codes(found)) == (1, ["unexpected_sign", "unknown_word"])


def test_units_and_cash_may_stand_in_two_columns_and_the_type_may_be_constant():
    changes = {
        "columns": {"date": "When", "symbol": "Which", "units_in": "In", "units_out": "Out", "price": "Each"},
        "constants": {"type": "BUY|SELL", "currency": "USD"},
        "words": {},
    }

    found = reading("When,Which,In,Out,Each\n2025-03-28,ABC,10,,15\n2025-03-31,ABC,,4,16\n", **changes)

    assert [(row.kind, row.quantity) for row in found.rows] == [("BUY", 10), ("SELL", 4)]


def test_several_columns_add_up_and_units_and_prices_are_scaled():
    columns = {**PLAIN["columns"], "fee": ["Broker", "Exchange"]}
    text = "When,What,Which,Units,Each,Sum,Broker,Exchange\n2025-03-28,bought,ABC,2,1500,30000,1.50,0.25\n"

    row = reading(text, columns=columns, scale={"quantity": "1000", "price": "0.01"}).rows[0]

    # 2,000 units at 15.00
    assert (row.quantity, row.price, row.amount, row.fee) == (2000, 15, 30000, Decimal("1.75"))


def test_a_pattern_takes_a_cell_apart():
    columns = {name: column for name, column in PLAIN["columns"].items() if name != "symbol"}
    text = HEADER.replace("Which", "Paper") + "2025-03-28,bought,ABC - Alpha Beta,10,15,150\n"

    found = reading(text, columns=columns, patterns={"Paper": "(?P<symbol>[A-Z]+) - (?P<name>.+)"})

    assert (found.rows[0].symbol, found.securities["ABC"].name) == ("ABC", "Alpha Beta")


def test_amounts_after_charges_give_the_gross():
    columns = {**PLAIN["columns"], "fee": "Fee", "tax": "Tax"}
    text = "When,What,Which,Units,Each,Sum,Fee,Tax\n2025-03-28,sold,ABC,10,15,147,2,1\n2025-03-28,paid,ABC,,,7,0,3\n"

    found = reading(text, columns=columns, trades="net", income="net")

    # 147 + 2 + 1 and 7 + 3
    assert [(row.amount, row.fee, row.tax) for row in found.rows] == [(150, 2, 1), (10, 0, 3)]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2025-03-28,bought,ABC,10,15,151\n", "does_not_add_up"),
        ("2025-03-28,bought,ABC,10,,\n", "incomplete"),
        ("2025-03-28,bought,,10,15,150\n", "incomplete"),
        ("2025-03-28,paid,ABC,,,many\n", "unreadable"),
        ("28.3.,paid,ABC,,,1\n", "unreadable"),
        ("2025-03-28,,ABC,,,1\n", "unknown_word"),
    ],
)
def test_what_is_not_certain_is_asked_about(row, code):
    assert codes(reading(HEADER + row)) == [code]


def test_a_future_date_is_refused_since_the_style_may_be_wrong():
    assert "style of dates" in reading(HEADER + "2026-03-28,paid,ABC,,,1\n").rejected[0].reason


def test_the_end_of_a_file_can_be_left_out():
    text = HEADER + "2025-03-28,paid,ABC,,,1\nthe,end\nof,it\n"

    assert (reading(text, skip_at_end=2).skipped, codes(reading(text, skip_at_end=2))) == (2, [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": {"date": "When"}}, "lacks type"),
        ({"columns": {"date": "When", "type": "What", "colour": "x"}}, "colour"),
        ({"words": {"bought": "GRAB"}}, "GRAB"),
        ({"dates": "dym"}, "dates"),
        ({"patterns": {"Which": "("}}, "no regular expression"),
        ({"patterns": {"Which": "(?P<symbol>(a+)+)"}}, "repeats a repetition"),
        ({"constants": {"currency": "Dollars"}}, "no currency code"),
        ({"scale": {"price": "0"}}, "no factor"),
        ({"version": 2}, "version"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_mapping_that_makes_no_sense_says_why(changes, words):
    with pytest.raises(MappingError, match=words):
        mapping_from(rules(**changes))


def test_a_mapping_is_kept_as_json_and_comes_back_the_same():
    mapping = mapping_from(rules())

    assert mapping_from(mapping.as_json()) == mapping


# --- presets


def test_a_preset_is_found_again_by_the_header_and_goes_before_every_guess():
    text = "Date,Type,Account,Amount\n2025-03-28,payday,Bank,5\n"
    columns = {"date": "Date", "type": "Type", "account": "Account", "amount": "Amount"}
    save_preset(name="bank", rules=rules(columns=columns, words={"payday": "DEPOSIT"}), data=text.encode())

    report = bring(text.replace("2025-03-28", "2025-03-29"), account="")

    # without the preset the header is a ledger's
    assert format_of(name="auto", data=text.encode()).name == "ledger"
    assert (report.format, report.imported, report.warnings[0].code) == ("mapped", 1, "preset")


def test_a_file_with_another_header_is_not_read_silently():
    save_preset(name="mine", rules=rules(), data=HEADER.encode())

    more = bring(HEADER.replace("Sum", "Sum,New") + "2025-03-28,paid,ABC,,,1,x\n", preset="mine")
    less = bring(HEADER.replace("Each", "Cost") + "2025-03-28,paid,ABC,,,1\n", preset="mine")

    assert "header_changed" in [warning.code for warning in more.warnings]
    assert "has no line with the mapping's columns" in less.rejected[0].reason


def test_a_preset_saved_anew_replaces_the_old_one_and_keeps_its_history():
    save_preset(name="mine", rules=rules(), data=HEADER.encode())
    save_preset(name="mine", rules=rules(dates="dmy"), data=HEADER.encode())

    assert preset_named(name="mine").dates == "dmy"
    assert (ImportMapping.objects.count(), ImportMapping.history.count()) == (1, 2)


def test_an_unknown_preset_lists_those_there_are():
    assert "taiwan" in bring(HEADER, preset="nothing").rejected[0].reason


def test_a_file_in_no_format_says_what_was_seen_and_offers_a_mapping():
    reason = bring(HEADER).rejected[0].reason

    assert "line 1 names When, What, Which, Units, Each, Sum" in reason
    assert "mapping" in reason


def test_without_an_account_the_file_is_refused():
    assert not recognises(data=HEADER.encode())
    with pytest.raises(FileError, match="names no account"):
        read(data=(TAIWAN + ROWS).encode(), today=TODAY)


def test_a_changed_preset_does_not_double_the_rows():
    text = HEADER + "2025-03-28,bought,ABC,10,15,150\n"
    bring(text, mapping=mapping_from(rules()))

    again = bring(
        text.replace("2025-03-28", "28.03.2025").replace("150\n", "150.00\n"), mapping=mapping_from(rules(dates="dmy"))
    )

    assert (again.written, again.duplicates) == (0, 1)


def test_a_name_that_was_answered_once_is_remembered_for_its_account():
    instrument = Instrument.objects.create(symbol="0050", currency="TWD")
    account = Account.objects.create(name="Broker", currency="TWD")
    RememberedName.objects.create(account=account, name="元大台灣50", instrument=instrument)
    header = TAIWAN.replace("股票代號,", "")
    rows = ROWS.replace("0050,", "")

    bring(header + rows)

    assert {row[0] for row in stored("instrument__symbol")} == {"0050"}


# --- guesses


def test_a_guess_fills_in_what_names_and_looks_tell():
    found = guess(data=("證券交易明細\n" + TAIWAN + ROWS).encode("cp950"))

    assert (found.encoding, found.header_line, found.mapping.dates) == ("cp950", 2, "roc")
    assert found.mapping.columns["quantity"] == ["成交股數"]
    assert found.mapping.words == {"現股買進": "BUY", "現股賣出": "SELL"}
    assert read(data=(TAIWAN + ROWS).encode(), today=TODAY, account="B", mapping=found.mapping).rows


def test_a_guess_tells_decimal_commas_and_the_order_of_days():
    found = guess(data=b"Datum;Typ;Symbol;Betrag\n31.03.2025;Kauf;ABC;1.234,50\n")

    assert (found.mapping.decimal, found.mapping.dates, found.mapping.delimiter) == (",", "dmy", ";")
    assert found.mapping.words == {"Kauf": "review"}


def test_a_file_without_a_table_has_no_guess():
    with pytest.raises(FileError, match="no table"):
        guess(data=b"only words\nand more\n")


# --- whole files


def test_a_file_twice_backwards_and_in_overlapping_halves_gives_one_ledger():
    twin = ROWS.splitlines(keepends=True)[0]
    rows = twin + "".join(ROWS.replace("A000", f"{letter}000") for letter in "ABC")
    gives_one_ledger(TAIWAN + rows)


def test_damaged_files_end_in_a_report():
    survives_damage(read, (TAIWAN + ROWS * 3).encode(), format_name="mapped")


def test_any_cells_end_in_a_report():
    def make_file(row):
        return (HEADER + ",".join(f'"{cell.replace(chr(34), "")}"' for cell in row) + "\n").encode("utf-8", "replace")

    def read_mapped(*, data, today, account):
        return read(data=data, today=today, account=account, mapping=mapping_from(rules()))

    survives_any_cell(read_mapped, make_file, cells=6)


def test_a_mapping_is_a_plain_record():
    assert Mapping(columns={"date": ["a"], "type": ["b"]}).as_json()["version"] == 1
