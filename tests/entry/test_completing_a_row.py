"""What the form fills in by itself."""

from decimal import Decimal

from tests.entry.household import account, bought, note, share, taiwanese_account


def test_quantity_and_price_are_enough_for_a_purchase(entered):
    share("KO")

    stored = entered("BUY", instrument="ko", quantity="150+50", price="60.5").save()

    assert (stored.quantity, stored.amount, stored.currency) == (200, Decimal(12100), "USD")
    assert (stored.fee, stored.tax, stored.accrued_interest) == (0, 0, 0)


def test_quantity_and_amount_give_the_price(entered):
    share("KO")

    assert entered("BUY", instrument="KO", quantity="200", amount="12,100").save().price == Decimal("60.5")


def test_a_sale_in_taiwan_pays_commission_and_tax_unless_they_are_typed(entered):
    home = taiwanese_account()
    share("2330.TW", currency="TWD", issuer_country="TW")
    bought("1000", "2330.TW", account=home, currency="TWD")
    row = {"account": str(home.pk), "instrument": "2330.TW", "quantity": "1000", "price": "600"}

    usual = entered("SELL", **row)
    assert usual.is_valid()
    # 600,000 x 0.1425 % x 0.6 = 513; 0.3 %
    assert (usual.cleaned_data["fee"], usual.cleaned_data["tax"]) == (513, 1800)

    typed = entered("SELL", **row, fee="0", tax="900")
    assert typed.is_valid()
    assert (typed.cleaned_data["fee"], typed.cleaned_data["tax"]) == (0, 900)


def test_a_bond_pays_for_the_interest_since_its_last_coupon(entered):
    note()

    stored = entered("BUY", date="2025-12-31", instrument="NOTE", quantity="10000", price="100").save()

    # 0.540055 per 100 of face (docs/methods.md 11)
    assert stored.accrued_interest == Decimal("54.01")
    assert stored.amount == 10000


def test_cash_in_another_currency_goes_by_the_stored_rate_or_the_rows_own(entered):
    home = taiwanese_account()
    share("KO")
    row = {"account": str(home.pk), "instrument": "KO", "quantity": "10", "price": "60", "currency": "twd"}

    # 600 USD at 30 a dollar, and at 31
    assert entered("BUY", **row).save().amount == 18000
    assert entered("BUY", **row, fx_rate="31").save().amount == 18600


def test_a_figure_that_nobody_typed_is_worked_out_anew(entered):
    share("KO")

    # the amount still says what it was before the quantity was changed
    form = entered("BUY", instrument="KO", quantity="20", price="60", amount="600", fee="1", computed="amount,fee")

    assert form.is_valid(), form.errors
    assert (form.cleaned_data["amount"], form.cleaned_data["fee"]) == (1200, 0)


def test_fields_of_another_kind_are_not_kept(entered):
    form = entered("DEPOSIT", amount="1000", quantity="5", price="3", to_amount="7", accrued_interest="2", note="pay")

    stored = form.save()

    assert (stored.quantity, stored.price, stored.to_amount, stored.accrued_interest) == (None, None, None, 0)
    assert (stored.note, stored.currency) == ("pay", "USD")


def test_pence_are_paid_in_pounds(entered):
    share("VOD.L", currency="GBp", issuer_country="GB")

    form = entered("BUY", instrument="VOD.L", quantity="1000", price="75")

    form.full_clean()
    # 1,000 x 75 pence
    assert (form.row.currency, form.row.amount) == ("GBP", 750)


def test_an_instrument_is_found_by_its_ticker_before_its_name(entered):
    share("T", name="AT&T")
    share("TLT", name="Treasuries")
    share("KO", name="Coca-Cola", name_zh="可口可樂")

    def meant(words: str) -> str:
        form = entered("DIVIDEND", instrument=words, amount="5")
        form.full_clean()
        return form.cleaned_data["instrument"].symbol if form.is_valid() else form.errors.as_data()["instrument"][0].code

    assert meant("t") == "T"
    assert meant("treas") == "TLT"
    assert meant("可口") == "KO"
    # AT&T, Treasuries and Coca-Cola have one
    assert meant("a") == "ambiguous"
    assert meant("nothing") == "unknown"


def test_a_transfer_to_oneself_is_refused(entered):
    form = entered("TRANSFER", amount="5", to_account=str(account().pk))

    assert not form.is_valid()
    assert "to_account" in form.errors
