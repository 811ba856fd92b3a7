"""What holds for every format: it is recognised, comes in once however it is cut or turned, and survives damage."""

import time
import tracemalloc

import pytest

from portfolio.importers.files import import_file
from portfolio.importers.formats import FORMATS, format_of
from portfolio.models import Transaction
from tests.importers.brokers import TODAY, bring, ledger
from tests.importers.fuzzing import survives_damage
from tests.importers.sound_files import SOUND_FILES

pytestmark = pytest.mark.django_db
every_file = pytest.mark.parametrize("name", SOUND_FILES)
READ = {each.name: each.read for each in FORMATS}


@every_file
def test_each_file_is_recognised_by_its_content_alone(name):
    file = SOUND_FILES[name]

    assert format_of(name="auto", data=file.text()).name == file.format
    assert [each.name for each in FORMATS if each.rank == 0 and each.recognises(data=file.text())] in ([file.format], [])


@every_file
def test_a_file_brings_one_ledger_as_it_is_twice_backwards_and_in_halves(name):
    file = SOUND_FILES[name]
    third = len(file.rows) // 3
    head, tail = file.rows[: 2 * third + 1], file.rows[third:]

    report = bring(file.text(), account=file.account)
    expected = ledger()
    again = bring(file.text(), account=file.account)

    assert (report.rejected, report.needs_review) == ([], [])
    assert expected
    assert (again.written, ledger()) == (0, expected)
    for pieces in ([file.rows[::-1]], [head, tail], [tail, head]):
        Transaction.objects.all().delete()
        for piece in pieces:
            bring(file.text(piece), account=file.account)
        assert ledger() == expected


@every_file
def test_the_rows_come_in_the_same_order_whichever_end_of_the_file_is_first(name):
    file = SOUND_FILES[name]

    def order(data: bytes) -> list[object]:
        reading = READ[file.format](data=data, today=TODAY, account=file.account)
        return [(row.date, row.kind) for row in reading.rows]

    dates = [date for date, _ in order(file.text())]
    assert dates == sorted(dates)
    assert sorted(order(file.text())) == sorted(order(file.text(file.rows[::-1])))


@every_file
def test_damage_never_ends_in_anything_but_a_report(name):
    file = SOUND_FILES[name]

    def read(*, data: bytes, today, account: str):
        # files that name their account refuse another name
        return READ[file.format](data=data, today=today, account=file.account and account)

    survives_damage(read, file.text(), format_name=file.format)


@pytest.mark.parametrize("format_name", sorted({file.format for file in SOUND_FILES.values()}))
@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x14\x00\x00\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html><body>log in</body></html>"]
)
def test_archives_workbooks_and_login_pages_are_refused_with_a_reason(format_name, data):
    report = import_file(name="x", data=data * 50, today=TODAY, format_name=format_name, account="Broker")

    assert "workbook" in report.rejected[0].reason or "login" in report.rejected[0].reason
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("format_name", sorted({file.format for file in SOUND_FILES.values()}))
@pytest.mark.parametrize("data", [b"", b"x", b"<OFX>", b"{}", b"<FlexQueryResponse/>", b"a,b\n1,2\n", b"\xff\xfe\x00"])
def test_a_file_of_another_kind_is_refused_or_empty(format_name, data):
    report = import_file(name="x", data=data, today=TODAY, format_name=format_name, account="Broker")

    assert report.written == 0


@every_file
def test_a_long_file_is_read_in_seconds_and_in_little_memory(name):
    file = SOUND_FILES[name]
    # rows of the same content over and over: some 200 KB
    rows = file.rows * (200_000 // len(file.joint.join(file.rows)) + 1)
    data = file.text(rows)

    tracemalloc.start()
    try:
        start = time.perf_counter()
        READ[file.format](data=data, today=TODAY, account=file.account)
        seconds = time.perf_counter() - start
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    # tracing makes it several times slower than it is
    assert seconds < 8
    assert peak < 100_000_000
