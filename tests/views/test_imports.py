"""The import pages: hand in, look, put right, save all or nothing, undo; nothing of it for those who only look."""

import datetime as dt
import re
import zipfile
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portfolio.models import Account, ImportMapping, LedgerDocument, LedgerImport, StagedUpload, Transaction
from portfolio.roles import Role, give_role
from tests.views.household import ENGLISH, account, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db

HEADER = "date,type,account,symbol,quantity,price,amount,currency,note\n"
DEPOSIT = "2025-01-02,DEPOSIT,Broker,,,,10000,USD,\n"
BUY = "2025-01-03,BUY,Broker,QQQ,10,510,,USD,\n"
# 5 × 290 are 1,450
WRONG = "2025-01-06,BUY,Broker,VTI,5,290,1700,USD,\n"
MISSPELT = "2025-01-07,DIVIDENT,Broker,QQQ,,,71.60,USD,\n"


def hand_in(client: Client, *files: tuple[str, bytes], **options: str):
    data = {"file": [SimpleUploadedFile(name, content) for name, content in files], **options}
    return client.post("/import/", data, headers=ENGLISH, follow=True)


def waiting(client: Client, text: str, name: str = "ledger.csv") -> str:
    """Hand in one file and return the address of its preview."""
    response = hand_in(client, (name, text.encode()))
    assert response.status_code == 200
    return response.redirect_chain[-1][0]


def post(client: Client, address: str, **data: str):
    return client.post(address, data, headers=ENGLISH, follow=True)


def marks(html: str) -> list[str]:
    return [text_of(each).strip() for each in re.findall(r'<span class="mark[^"]*">(.*?)</span>', html)]


def seen(response) -> str:
    return text_of(response.content.decode())


def saved(client: Client, text: str, **options: str) -> LedgerImport:
    post(client, f"{waiting(client, text)}save/", **options)
    return LedgerImport.objects.first()


def test_each_row_of_a_file_has_its_mark(as_owner):
    row("2025-01-02", "DEPOSIT", amount=10_000, account=account("Broker", "USD"), currency="USD")
    share("QQQ", currency="USD")

    html = page(as_owner, waiting(as_owner, HEADER + DEPOSIT + BUY + WRONG + MISSPELT))

    assert marks(html) == ["there already", "new", "refused", "refused"]
    assert "Read as ledger. 4 rows in the file." in text_of(html)
    assert "1700 differs by 17.2% from quantity × price = 1450" in text_of(html)
    # what could not be read as a row is shown as it stands
    assert "2025-01-07,DIVIDENT,Broker" in text_of(html)
    assert Transaction.objects.count() == 1


def test_saving_writes_every_row_and_keeps_the_file(as_owner, owner):
    share("QQQ", currency="USD")
    address = waiting(as_owner, HEADER + DEPOSIT + BUY)

    response = post(as_owner, f"{address}save/")

    entry = LedgerImport.objects.get()
    assert "2 rows were saved." in seen(response)
    assert Transaction.objects.filter(source=entry).count() == 2
    assert entry.imported_by == owner
    assert entry.file.read() == (HEADER + DEPOSIT + BUY).encode()
    assert not StagedUpload.objects.exists()
    assert as_owner.get(address).status_code == 404


def test_a_refused_row_keeps_everything_out_until_it_is_left_out(as_owner):
    share("QQQ", currency="USD")
    address = waiting(as_owner, HEADER + DEPOSIT + BUY + WRONG)

    refused = post(as_owner, f"{address}save/")
    assert "Nothing was saved: amount: 1700 differs" in seen(refused)
    assert not Transaction.objects.exists()

    post(as_owner, f"{address}save/", skip_bad_rows="on")
    assert Transaction.objects.count() == 2


def test_a_refused_row_is_put_right_in_its_place(as_owner):
    share("QQQ", currency="USD")
    address = waiting(as_owner, HEADER + DEPOSIT + BUY + MISSPELT)
    form = page(as_owner, f"{address}?edit=4-0")
    # the cells of the line are there already; only the word is wrong
    assert 'value="2025-01-07"' in form
    assert 'value="71.60"' in form

    fields = {"date": "2025-01-07", "account": "Broker", "symbol": "QQQ", "amount": "71.60", "currency": "usd"}
    wrong = as_owner.post(f"{address}rows/4-0/", {**fields, "kind": "BUY"}, headers=ENGLISH)
    assert wrong.status_code == 400
    assert seen(wrong).count("Such a row needs it.") == 1  # a purchase without units

    response = post(as_owner, f"{address}rows/4-0/", kind="DIVIDEND", tax="21.48", **fields)
    assert marks(response.content.decode()) == ["new", "new", "new"]
    assert "changed by you" in seen(response)
    post(as_owner, f"{address}save/")

    stored = Transaction.objects.get(kind="DIVIDEND")
    assert (stored.amount, stored.tax, stored.instrument.symbol, stored.currency) == (
        Decimal("71.60"),
        Decimal("21.48"),
        "QQQ",
        "USD",
    )


def test_a_row_is_left_out_and_taken_back(as_owner):
    address = waiting(as_owner, HEADER + DEPOSIT + MISSPELT)

    left_out = post(as_owner, f"{address}rows/3-0/", do="leave_out")
    assert marks(left_out.content.decode()) == ["new"]
    assert "Line 3 is left out." in seen(left_out)

    back = post(as_owner, f"{address}rows/3-0/", do="as_read")
    assert marks(back.content.decode()) == ["new", "refused"]


def test_a_row_that_was_put_right_is_known_when_its_file_comes_again(as_owner):
    share("QQQ", currency="USD")
    text = HEADER + DEPOSIT + BUY
    address = waiting(as_owner, text)
    fields = {"date": "2025-01-03", "account": "Broker", "symbol": "QQQ", "quantity": "11", "price": "510", "currency": "USD"}
    post(as_owner, f"{address}rows/3-0/", kind="BUY", **fields)
    post(as_owner, f"{address}save/")

    again = page(as_owner, waiting(as_owner, text))

    # the file still says ten: that is offered, not booked beside it
    assert marks(again) == ["there already", "update offered"]
    assert "quantity: 11 → 10" in text_of(again)
    assert "This very file was imported on" in text_of(again)


def test_updates_are_taken_over_when_asked_for(as_owner):
    share("QQQ", currency="USD")
    header = HEADER.replace("note", "external_id")
    saved(as_owner, header + "2025-01-03,BUY,Broker,QQQ,10,510,,USD,t1\n")
    address = waiting(as_owner, header + "2025-01-03,BUY,Broker,QQQ,12,510,,USD,t1\n")
    assert marks(page(as_owner, address)) == ["update offered"]

    post(as_owner, f"{address}save/", accept_updates="on")

    assert Transaction.objects.get().quantity == 12


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(100), "is a workbook"),
        ("export.csv.gz", b"\x1f\x8b" + bytes(100), "is an archive"),
        ("statement.pdf", b"%PDF-1.7 ...", "is a document or a picture"),
        ("login.csv", b"<!DOCTYPE html><html></html>", "is no text that a broker exports"),
        ("long.csv", b"a" * 20_000_001, "has 21 MB; a file may have 20 MB"),
    ],
)
def test_what_is_no_export_is_refused_by_its_content(as_owner, name, content, said):
    response = hand_in(as_owner, (name, content))

    assert said in seen(response)
    assert not StagedUpload.objects.exists()


@pytest.mark.parametrize(
    ("part", "said"), [("xl/workbook.xml", "is a workbook"), ("content.xml", "is a workbook"), ("a.csv", "is an archive")]
)
def test_a_workbook_is_told_from_other_archives(as_owner, part, said):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(part, "text")

    assert said in seen(hand_in(as_owner, ("file.csv", packed.getvalue())))


def test_several_files_wait_side_by_side_and_a_refused_one_holds_nobody_up(as_owner):
    response = hand_in(
        as_owner,
        ("a.csv", (HEADER + DEPOSIT).encode()),
        ("b.csv", (HEADER + BUY).encode()),
        ("c.zip", b"PK\x03\x04" + bytes(9)),
    )

    assert [each.name for each in StagedUpload.objects.order_by("name")] == ["a.csv", "b.csv"]
    assert "“c.zip” is an archive." in seen(response)
    assert "Waiting for your yes" in seen(response)


def test_a_script_gets_the_address_and_the_messages_stay_for_the_page(as_owner):
    data = {"file": SimpleUploadedFile("c.zip", b"PK\x03\x04")}

    answer = as_owner.post("/import/", data, headers={**ENGLISH, "accept": "application/json"})

    assert answer.json() == {"url": "/import/"}
    assert "is an archive" in text_of(page(as_owner, "/import/"))


def test_an_upload_is_kept_under_a_name_that_nobody_can_guess(as_owner):
    waiting(as_owner, HEADER + DEPOSIT, name="../../my account 12345678.csv")

    (upload,) = StagedUpload.objects.all()
    path = Path(upload.file.path)
    assert upload.name == "my account 12345678.csv"
    assert re.fullmatch(r"[0-9a-f]{32}", path.name)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert path.stat().st_mode & 0o077 == 0


def test_an_upload_is_dropped_by_its_button_or_after_a_day(as_owner, django_capture_on_commit_callbacks):
    first = waiting(as_owner, HEADER + DEPOSIT)
    old = StagedUpload.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        post(as_owner, f"{first}drop/")
    assert not Path(old.file.path).exists()

    waiting(as_owner, HEADER + DEPOSIT)
    StagedUpload.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=25))
    page(as_owner, "/import/")
    assert not StagedUpload.objects.exists()


def test_an_upload_belongs_to_the_one_who_handed_it_in(as_owner):
    address = waiting(as_owner, HEADER + DEPOSIT)
    other = Client()
    other.force_login(give_role(name="other", role=Role.OWNER)[0])

    assert other.get(address).status_code == 404
    assert other.post(f"{address}save/").status_code == 404


def test_those_who_only_look_get_in_nowhere(as_owner, as_viewer, client):
    address = waiting(as_owner, HEADER + DEPOSIT)
    entry = saved(as_owner, HEADER + BUY)
    transaction = entry.transactions.get()
    document = LedgerDocument.objects.create(row=transaction, name="a.pdf", content_type="application/pdf", size=1)
    looks = [
        "/import/",
        address,
        f"{address}mapping/",
        reverse("reconciliation"),
        reverse("import-entry", args=[entry.pk]),
        reverse("import-file", args=[entry.pk]),
        reverse("transaction-documents", args=[transaction.pk]),
        reverse("ledger-document", args=[document.pk]),
    ]
    deeds = [
        "/import/",
        f"{address}save/",
        f"{address}drop/",
        f"{address}read/",
        f"{address}rows/2-0/",
        reverse("import-undo", args=[entry.pk]),
        reverse("import-add-document", args=[entry.pk]),
        reverse("ledger-document-drop", args=[document.pk]),
    ]

    assert {as_viewer.get(each).status_code for each in looks} == {403}
    assert {as_viewer.post(each).status_code for each in deeds} == {403}
    assert {client.get(each).status_code for each in looks} == {302}
    assert Transaction.objects.count() == 1


def test_the_history_hands_out_the_original_file_as_an_attachment(as_owner):
    entry = saved(as_owner, HEADER + DEPOSIT)

    assert "ledger.csv" in page(as_owner, "/import/")
    response = as_owner.get(reverse("import-file", args=[entry.pk]))

    assert b"".join(response.streaming_content) == (HEADER + DEPOSIT).encode()
    assert response["Content-Disposition"] == 'attachment; filename="ledger.csv"'
    assert response["Content-Type"] == "application/octet-stream"
    assert "private, no-store" in response["Cache-Control"]


def test_an_import_remembers_the_lines_that_it_left_to_a_person(as_owner):
    row("2025-01-02", "DEPOSIT", amount=10_000, account=account("Broker", "USD"), currency="USD")
    header = HEADER.replace("note", "external_id")

    # the same as what was typed by hand, so merging is offered; the other row is new
    entry = saved(as_owner, f"{header}{DEPOSIT[:-1]}t1\n2025-01-05,DEPOSIT,Broker,,,,5,USD,t2\n")

    said = text_of(page(as_owner, reverse("import-entry", args=[entry.pk])))
    assert "Left to you" in said
    assert "Line 2: looks like the DEPOSIT row of 2025-01-02 that was entered by hand" in said


def test_an_import_is_undone_and_listed_as_undone(as_owner):
    entry = saved(as_owner, HEADER + DEPOSIT)
    assert "1 row goes." in text_of(page(as_owner, reverse("import-entry", args=[entry.pk])))

    response = post(as_owner, reverse("import-undo", args=[entry.pk]))

    assert "Undone: 1 row is gone." in seen(response)
    assert not Transaction.objects.exists()
    assert "undone" in text_of(page(as_owner, "/import/"))
    again = post(as_owner, reverse("import-undo", args=[entry.pk]))
    assert "Nothing was undone: It is undone already." in seen(again)


def test_an_undo_that_later_sales_forbid_says_which(as_owner):
    share("QQQ", currency="USD")
    entry = saved(as_owner, HEADER + BUY)
    saved(as_owner, HEADER + "2025-02-03,SELL,Broker,QQQ,4,520,,USD,\n")
    reason = "QQQ: the row “Sell” of 3 February 2025 needs units that this import brought; 4 would be missing."

    assert reason in text_of(page(as_owner, reverse("import-entry", args=[entry.pk])))
    assert f"Nothing was undone: {reason}" in seen(post(as_owner, reverse("import-undo", args=[entry.pk])))
    assert Transaction.objects.count() == 2


def test_hidden_amounts_are_in_no_preview(as_owner):
    share("QQQ", currency="USD")
    address = waiting(as_owner, HEADER + DEPOSIT + BUY.replace("10,510", "37,510") + WRONG + MISSPELT)
    as_owner.cookies["amounts"] = "hide"

    html = page(as_owner, address)

    for told in ("10,000", ">37<", "71.60", "1700", "1450"):
        assert told not in html
    assert "510.00" in html


def test_rows_are_shown_by_their_mark_and_two_hundred_to_a_page(as_owner):
    deposits = "".join(f"2025-01-02,DEPOSIT,Broker,,,,{amount},USD,\n" for amount in range(1, 251))
    address = waiting(as_owner, HEADER + deposits + MISSPELT)

    assert len(marks(page(as_owner, address))) == 200
    assert len(marks(page(as_owner, f"{address}?page=2"))) == 51
    assert marks(page(as_owner, f"{address}?show=rejected")) == ["refused"]
    assert len(marks(page(as_owner, f"{address}?show=nonsense&page=x"))) == 200


def test_cells_of_a_file_are_never_read_as_markup(as_owner):
    bad = HEADER + "2025-01-02,DEPOSIT,<script>alert(1)</script>,,,,1,USD,\n2025-01-02,<script>x</script>,B,,,,1,USD,\n"

    html = page(as_owner, waiting(as_owner, bad, name="<img src=x>.csv"))

    assert "<script>alert" not in html
    assert "<script>x" not in html
    assert "<img src=x>" not in html


UNKNOWN = (
    "成交日,代號,證券,動作,張數股數,單價,手續費\n"
    "114/03/18,0050,元大台灣50,買進,1000,180.5,77\n"
    "114/03/25,0050,元大台灣50,配發現金,,,0\n"
    "114/04/02,0050,元大台灣50,賣出,500,182,39\n"
    "合計,,,,,,116\n"
)


def mapped(**changes: str) -> dict[str, str]:
    """Return what a person says of UNKNOWN."""
    columns = ("date", "symbol", "name", "type", "quantity", "price", "fee")
    words = {"買進": "BUY", "賣出": "SELL", "配發現金": "review"}
    said = {f"column-{place}": meaning for place, meaning in enumerate(columns)}
    for place, (word, meaning) in enumerate(words.items()):
        said |= {f"word-{place}-text": word, f"word-{place}": meaning}
    options = {"header_line": "1", "dates": "roc", "currency": "TWD", "account": "元大", "preset": "元大網頁", "do": "use"}
    return {**said, **options, **changes}


def test_a_file_that_nobody_knows_leads_to_the_columns(as_owner):
    address = waiting(as_owner, UNKNOWN)

    assert "No importer knows this format." in text_of(page(as_owner, address))
    html = page(as_owner, f"{address}mapping/")

    # the usual words are guessed, with the years of the Republic of China
    lists = [each for each in html.split("</select>") if 'name="column-' in each]
    chosen = [found[1] if (found := re.search(r'value="([a-z_]+)" selected', each)) else "" for each in lists]
    assert chosen == ["date", "symbol", "", "", "", "price", "fee"]
    assert '<option value="roc" selected>' in html


def test_a_mapping_reads_the_file_and_is_used_again_by_itself(as_owner):
    address = waiting(as_owner, UNKNOWN)

    read = as_owner.post(f"{address}mapping/", mapped(), headers=ENGLISH, follow=True)
    assert marks(read.content.decode()) == ["new", "needs a look", "new"]
    post(as_owner, f"{address}save/")

    # 114 is 2025; 1,000 × 180.5
    bought = Transaction.objects.get(kind="BUY")
    assert (bought.date, bought.quantity, bought.fee, bought.account.name) == (dt.date(2025, 3, 18), 1000, 77, "元大")
    assert ImportMapping.objects.get().name == "元大網頁"
    again = hand_in(as_owner, ("later.csv", UNKNOWN.encode()), account="元大")
    assert marks(again.content.decode()) == ["there already", "needs a look", "there already"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"column-0": ""}, "Say which column holds the date."),
        ({"column-3": ""}, "Say which column holds the type of a row"),
        ({"column-2": "symbol"}, "Two columns cannot both be “symbol”."),
        ({"currency": "XXQ"}, "“XXQ” is no currency code"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_the_reason(as_owner, changes, said):
    address = waiting(as_owner, UNKNOWN)

    response = as_owner.post(f"{address}mapping/", mapped(**changes), headers=ENGLISH)

    assert response.status_code == 400
    assert said in seen(response)
    assert not ImportMapping.objects.exists()


def test_a_file_is_read_again_for_an_account_or_as_a_format(as_owner):
    address = waiting(as_owner, HEADER + DEPOSIT)

    response = post(as_owner, f"{address}read/", format="ofx")
    assert "This file cannot be read yet" in seen(response)
    assert marks(post(as_owner, f"{address}read/", format="").content.decode()) == ["new"]


PDF = b"%PDF-1.7\n1 0 obj\n"


def test_documents_are_told_by_their_content_and_handed_out_to_be_saved(as_owner, django_capture_on_commit_callbacks):
    entry = saved(as_owner, HEADER + DEPOSIT)
    transaction = entry.transactions.get()
    add = reverse("transaction-documents", args=[transaction.pk])

    refused = as_owner.post(add, {"file": SimpleUploadedFile("a.pdf", b"MZ program")}, headers=ENGLISH, follow=True)
    assert "This is neither a PDF nor a picture" in seen(refused)
    kept = as_owner.post(add, {"file": SimpleUploadedFile("a.html", PDF)}, headers=ENGLISH, follow=True)
    assert "“a.html” is kept." in seen(kept)

    document = LedgerDocument.objects.get()
    assert (document.content_type, document.row) == ("application/pdf", transaction)
    response = as_owner.get(reverse("ledger-document", args=[document.pk]))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "sandbox"
    path = Path(document.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        post(as_owner, reverse("ledger-document-drop", args=[document.pk]))
    assert not path.exists()


def test_an_import_has_documents_of_its_own(as_owner):
    entry = saved(as_owner, HEADER + DEPOSIT)

    as_owner.post(reverse("import-add-document", args=[entry.pk]), {"file": SimpleUploadedFile("s.pdf", PDF)})

    assert entry.documents.get().name == "s.pdf"
    assert "s.pdf" in page(as_owner, reverse("import-entry", args=[entry.pk]))


def test_statements_say_what_agrees_and_since_when_it_does_not(as_owner):
    held, broker = share("QQQ", currency="USD"), account("Broker", "USD")
    row("2025-01-02", "DEPOSIT", amount=10_000, account=broker, currency="USD")
    row("2025-01-03", "BUY", instrument=held, quantity=10, price=500, account=broker, currency="USD")
    for date, units, cash in (("2025-01-31", 10, 5000), ("2025-02-28", 12, 5000), ("2025-03-31", 12, 5000)):
        row(date, "BALANCE", instrument=held, quantity=units, account=broker, currency="USD")
        row(date, "BALANCE", amount=cash, account=broker, currency="USD")

    said = text_of(page(as_owner, reverse("reconciliation")))

    # 10,000 - 10 × 500 = 5,000 in cash, as each statement says; two of twelve units are in no row
    assert "The first statement that differs is of 28 February 2025." in said
    assert "QQQ 31 March 2025 12 10 −2 agreed on 31 January 2025, differs since 28 February 2025" in said
    assert "Cash USD 31 March 2025 5,000.00 5,000.00 agrees" in said


def test_a_difference_that_was_put_right_is_none_any_more(as_owner):
    broker = account("Broker", "USD")
    row("2025-01-02", "DEPOSIT", amount=100, account=broker, currency="USD")
    row("2025-01-31", "BALANCE", amount=90, account=broker, currency="USD")
    row("2025-02-03", "WITHDRAWAL", amount=10, account=broker, currency="USD")
    row("2025-02-28", "BALANCE", amount=90, account=broker, currency="USD")

    said = text_of(page(as_owner, reverse("reconciliation")))

    assert "Everything agrees with the statements up to 28 February 2025." in said


def test_a_statement_is_entered_beside_what_the_ledger_has(as_owner):
    held, broker = share("QQQ", currency="USD"), account("Broker", "USD")
    row("2025-01-02", "DEPOSIT", amount=10_000, account=broker, currency="USD")
    row("2025-01-03", "BUY", instrument=held, quantity=10, price=500, account=broker, currency="USD")
    address = f"{reverse('reconciliation')}?account={broker.pk}&date=2025-01-31"
    assert "Broker at the close of 31 January 2025." in text_of(page(as_owner, address))

    for units in ("11", "10"):
        post(as_owner, address, **{"units-QQQ": units, "cash-USD": "5000"})

    # the second statement of the day replaces the first
    stated = Transaction.objects.filter(kind="BALANCE").order_by("pk")
    assert [(each.quantity, each.amount) for each in stated] == [(10, None), (None, 5000)]
    assert "Everything agrees" in text_of(page(as_owner, reverse("reconciliation")))


def test_accounts_of_other_people_are_suggested_and_new_ones_announced(as_owner):
    Account.objects.create(name="Broker", currency="USD")

    html = page(as_owner, waiting(as_owner, HEADER + DEPOSIT + "2025-01-02,DEPOSIT,Bank,,,,1,USD,\n"))

    assert "The account “Bank” is new and will be made." in text_of(html)
    assert "“Broker” is new" not in text_of(html)


def test_the_pages_are_written_in_chinese_too(as_owner):
    address = waiting(as_owner, HEADER + DEPOSIT + MISSPELT)

    html = as_owner.get(address, headers={"accept-language": "zh-hant"}).content.decode()

    assert "DIVIDENT" in html
    assert 'lang="en"' in html


def test_hidden_amounts_are_in_no_statement_and_no_refusal(as_owner):
    share("QQQ", currency="USD")
    entry = saved(as_owner, HEADER + BUY)
    saved(as_owner, HEADER + "2025-02-03,SELL,Broker,QQQ,7,520,,USD,\n2025-02-03,BALANCE,Broker,,,,777,USD,\n")
    as_owner.cookies["amounts"] = "hide"

    for address in (reverse("import-entry", args=[entry.pk]), reverse("reconciliation")):
        html = page(as_owner, address)
        assert "777" not in html
        assert "7 would be missing" not in html
        # the mask is markup, not text
        assert "&lt;span" not in html
