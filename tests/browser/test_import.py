"""An import in a real browser: hand in, put one row right, save, see the review change, undo, see it change back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portfolio import demo
from portfolio.models import LedgerImport, StagedUpload, Transaction
from tests.browser.test_quarterly_review import speak

pytestmark = pytest.mark.django_db(transaction=True)

# 3,000 dollars come in during the quarter; the second row's word is misspelt
TEXT = """date,type,account,symbol,quantity,price,amount,currency,note
2025-02-10,DEPOSIT,Firstrade,,,,3000,USD,
2025-02-11,BY,Firstrade,QQQ,2,529.17,,USD,a slip of the key
"""


@pytest.fixture
def books(owner_page: Page) -> Iterator[Page]:
    """The demo household's owner in English; no script may fail."""
    demo.load()
    complaints: list[str] = []
    owner_page.on("pageerror", lambda error: complaints.append(str(error)))
    # a form with a mistake in it comes back with status 400, which the browser counts as a failed resource
    owner_page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" and "400" not in message.text else None,
    )
    speak(owner_page, django_language="en")
    yield owner_page
    assert complaints == []


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "february.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


def hand_in(page: Page, file: Path) -> None:
    page.goto("/import/")
    page.get_by_label("Files of your broker").set_input_files(file)
    page.get_by_role("button", name="Read the files").click()
    page.wait_for_url("**/import/waiting/**")


def deposits(page: Page) -> str:
    """Return what the review says was paid in, so far as the page shows it."""
    page.goto("/review/2025-q1/")
    return page.locator("main").inner_text()


def put_right(page: Page) -> None:
    page.get_by_role("link", name="Change line 3").click()
    # what was typed in the file stands in the form; only the word is chosen anew
    expect(page.get_by_label("Quantity")).to_have_value("2")
    page.get_by_label("Kind").select_option("BUY")
    page.get_by_role("button", name="Put it right").click()


def test_from_the_file_to_the_review_and_back(books: Page, file: Path):
    before = deposits(books)
    count = Transaction.objects.count()

    hand_in(books, file)
    expect(books.locator(".mark")).to_have_text(["new", "refused"])
    put_right(books)
    expect(books.locator(".mark")).to_have_text(["new", "new"])
    books.get_by_role("button", name="Save the import").click()
    books.wait_for_url("**/import/*/")
    expect(books.locator(".messages")).to_contain_text("2 rows were saved.")
    assert Transaction.objects.count() == count + 2

    after = deposits(books)
    assert after != before

    books.goto(f"/import/{LedgerImport.objects.first().pk}/")
    books.get_by_role("button", name="Undo the whole import").click()
    expect(books.locator(".messages")).to_contain_text("Undone: 2 rows are gone.")
    assert Transaction.objects.count() == count
    assert deposits(books) == before


def test_a_dropped_file_is_read_like_a_chosen_one(books: Page):
    books.goto("/import/")
    books.evaluate(
        """text => {
            const data = new DataTransfer();
            data.items.add(new File([text], "dropped.csv", {type: "text/csv"}));
            document.querySelector("main").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
        }""",
        TEXT,
    )

    books.wait_for_url("**/import/waiting/**")
    expect(books.locator("h1")).to_have_text("dropped.csv")


def test_a_mistake_in_the_form_keeps_what_was_typed(books: Page, file: Path):
    hand_in(books, file)
    books.get_by_role("link", name="Change line 3").click()
    books.get_by_label("Kind").select_option("BUY")
    books.get_by_label("Quantity").fill("2O")
    books.get_by_role("button", name="Put it right").click()

    expect(books.locator(".row-form .err").first).to_be_visible()
    expect(books.get_by_label("Quantity")).to_have_value("2O")
    expect(books.get_by_label("Kind")).to_have_value("BUY")


def test_everything_works_without_a_script(books: Page, file: Path, browser: Browser, base_url: str):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(books.context.cookies())
    page = context.new_page()

    hand_in(page, file)
    put_right(page)
    page.get_by_role("button", name="Save the import").click()

    expect(page.locator(".messages")).to_contain_text("2 rows were saved.")
    context.close()


@pytest.mark.parametrize("language", ["zh-hant", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_readable_by_everybody_at_every_width(books: Page, file: Path, language: str, theme: str):
    hand_in(books, file)
    preview = f"/import/waiting/{StagedUpload.objects.get().pk}/"
    speak(books, django_language=language, theme=theme)
    entry = LedgerImport.objects.first().pk
    addresses = ("/import/", preview, f"{preview}?edit=3-0", f"{preview}mapping/", f"/import/{entry}/", "/import/statements/")
    for address in addresses:
        for width in (320, 390, 800, 1440):
            books.set_viewport_size({"width": width, "height": 900})
            books.goto(address)
            assert books.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
            if width in {390, 1440}:
                for details in books.locator("main details").all():
                    details.evaluate("element => element.open = true")
                results = Axe().run(books)
                assert results.violations_count == 0, f"{address} {width}\n{results.generate_report()}"
