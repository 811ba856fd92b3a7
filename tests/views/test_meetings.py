"""Shareholder meetings: who may write, fast entry, votes, units entitled, history, exports, reminders, documents."""

import csv
import datetime as dt
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from portfolio.engine.resolutions import ResolutionType
from portfolio.models import LedgerStamp, Meeting, MeetingDocument, OwnResolutionType, Resolution
from portfolio.models.meetings import due_meetings
from tests.engine.test_resolutions import BRITISH
from tests.views.household import ENGLISH, account, one_share, row, share
from tests.views.test_dashboard import page, text_of

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def meeting(symbol: str = "AAA", date: str = "2025-05-20", **columns) -> Meeting:
    held = columns.pop("instrument", None) or share(symbol)
    return Meeting.objects.create(instrument=held, date=dt.date.fromisoformat(date), **columns)


def resolution(of: Meeting, place: int = 1, **columns) -> Resolution:
    return Resolution.objects.create(meeting=of, place=place, **{"title": f"Item {place}", "number": str(place), **columns})


def soon(days: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(days=days)


def typed(held, **columns: str) -> dict[str, str]:
    """Return what the form of a new meeting sends."""
    return {
        "instrument": str(held.pk),
        "kind": "AGM",
        "date": "2025-05-20",
        "record_date": "2025-05-16",
        "deadline": "2025-05-19T12:00",
        "time_zone": "Europe/London",
        "link": "",
        "notes": "",
        "agenda": BRITISH,
        "board_is_for": "on",
        **columns,
    }


def rows_of(of: Meeting, **changes: str) -> dict[str, str]:
    """Return what the voting form sends for the stored rows; changes by row and field, as in r0_own_vote."""
    found = list(of.resolutions.all())
    sent = {"r-TOTAL_FORMS": str(len(found)), "r-INITIAL_FORMS": str(len(found))}
    for place, each in enumerate(found):
        values = {"pk": each.pk, "number": each.number, "title": each.title, "type": each.type, "note": each.note}
        values |= {"board_recommendation": each.board_recommendation, "own_vote": each.own_vote}
        sent |= {f"r-{place}-{name}": str(value) for name, value in values.items()}
    return {**sent, **{f"r-{name[1:].replace('_', '-', 1)}": value for name, value in changes.items()}}


# ---- roles --------------------------------------------------------------------------------------------------------------


def test_strangers_are_sent_to_the_login(client):
    of = meeting()
    for address in ("/meetings/", f"/meetings/{of.pk}/", "/meetings/votes.csv", "/meetings/calendar.ics", "/meetings/new/"):
        assert client.get(address).status_code == 302, address


def test_viewers_read_and_never_write(as_viewer):
    of = meeting()
    resolution(of)
    assert as_viewer.get(f"/meetings/{of.pk}/").status_code == 200
    for address in ("/meetings/new/", f"/meetings/{of.pk}/edit/"):
        assert as_viewer.get(address).status_code == 403
        assert as_viewer.post(address, typed(of.instrument)).status_code == 403
    for address in ("with-board", "delete", "documents"):
        assert as_viewer.post(f"/meetings/{of.pk}/{address}/").status_code == 403
    html = page(as_viewer, f"/meetings/{of.pk}/")
    assert "/edit/" not in html
    assert "<form" not in html.replace('<form id="switches"', "").replace('<form method="dialog"', "")


def test_what_writes_is_never_reached_by_a_link(as_owner):
    of = meeting()
    for address in ("with-board", "delete", "documents"):
        assert as_owner.get(f"/meetings/{of.pk}/{address}/").status_code == 405


# ---- entering -----------------------------------------------------------------------------------------------------------


def test_a_meeting_is_entered_with_its_agenda_in_one_go(as_owner):
    held = share("AAA")

    response = as_owner.post("/meetings/new/", typed(held))

    of = Meeting.objects.get()
    assert response["Location"] == f"/meetings/{of.pk}/edit/"
    # noon in London in May is eleven in UTC
    assert of.deadline == dt.datetime(2025, 5, 19, 11, 0, tzinfo=dt.UTC)
    assert of.resolutions.count() == 15
    recommended = set(of.resolutions.exclude(type="SHAREHOLDER").values_list("board_recommendation", flat=True))
    assert recommended == {"FOR"}
    # a board rarely recommends what it did not propose
    assert of.resolutions.get(type="SHAREHOLDER").board_recommendation == "AGAINST"
    assert Resolution.history.count() == 15


def test_an_own_type_is_recognised_by_its_words(as_owner):
    own = OwnResolutionType.objects.create(name="Climate", wording="climate，氣候, net zero")

    as_owner.post("/meetings/new/", typed(share("AAA"), agenda="1. Energy transition: Net Zero plan\n2. Dividend"))

    first, second = Resolution.objects.all()
    assert (first.own_type, first.type) == (own, ResolutionType.OTHER)
    assert second.own_type is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"record_date": "2025-05-21"}, "The record date lies after the meeting."),
        ({"deadline": "2025-05-21T12:00"}, "The deadline lies after the meeting."),
        ({"deadline": "noon"}, "“noon” is no time"),
        ({"time_zone": "Mars/Olympus"}, "“Mars/Olympus” is no time zone"),
        ({"link": "javascript:alert(1)"}, "valid URL"),
        ({"agenda": "\n".join(f"Item {number}" for number in range(201))}, "more than 200 resolutions"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(as_owner, change, said):
    response = as_owner.post("/meetings/new/", typed(share("AAA"), **change), headers=ENGLISH)

    assert said in text_of(response.text)
    assert not Meeting.objects.exists()


def test_the_same_meeting_is_not_stored_twice(as_owner):
    of = meeting()

    response = as_owner.post("/meetings/new/", typed(of.instrument), headers=ENGLISH)

    assert "This meeting is stored already." in response.text
    assert Meeting.objects.count() == 1


def test_votes_are_set_to_the_board_and_single_ones_changed(as_owner):
    of = meeting()
    for place, board in enumerate(("FOR", "FOR", "AGAINST", ""), start=1):
        resolution(of, place, board_recommendation=board)
    about = typed(of.instrument, agenda="")

    first = as_owner.post(f"/meetings/{of.pk}/edit/", {**about, **rows_of(of), "all": "board"})
    assert first["Location"] == f"/meetings/{of.pk}/edit/"
    assert list(of.resolutions.values_list("own_vote", flat=True)) == ["FOR", "FOR", "AGAINST", ""]

    as_owner.post(
        f"/meetings/{of.pk}/edit/",
        {**about, **rows_of(of, r1_own_vote="ABSTAIN", r0_result_for_percent="97.25", r3_DELETE="on")},
    )
    assert list(of.resolutions.values_list("own_vote", flat=True)) == ["FOR", "ABSTAIN", "AGAINST"]
    assert str(of.resolutions.first().result_for_percent) == "97.250"
    # the abstention and the result: two versions more, and one that says what was removed
    assert Resolution.history.filter(history_type="-").count() == 1


def test_a_wrong_row_saves_nothing(as_owner):
    of = meeting()
    resolution(of)

    response = as_owner.post(
        f"/meetings/{of.pk}/edit/",
        {**typed(of.instrument, agenda=""), **rows_of(of, r0_result_for_percent="101", r0_own_vote="FOR")},
        headers=ENGLISH,
    )

    assert response.status_code == 400
    assert "Nothing was saved yet." in response.text
    assert of.resolutions.get().own_vote == ""


def test_open_votes_follow_the_board_with_one_button_and_cast_ones_stay(as_owner):
    of = meeting()
    resolution(of, 1, board_recommendation="FOR", own_vote="AGAINST")
    resolution(of, 2, board_recommendation="FOR")

    as_owner.post(f"/meetings/{of.pk}/with-board/")

    assert list(of.resolutions.values_list("own_vote", flat=True)) == ["AGAINST", "FOR"]


# ---- reading ------------------------------------------------------------------------------------------------------------


def test_units_entitled_are_those_held_at_the_close_of_the_record_date(as_viewer):
    held = one_share()
    row("2025-05-16", "SELL", instrument=held, quantity=30, price=600)
    row("2025-05-16", "BUY", instrument=held, quantity=5, price=600, account=account("Other"))
    row("2025-05-17", "BUY", instrument=held, quantity=900, price=600)
    of = meeting(instrument=held, record_date=dt.date(2025, 5, 16))

    # 100 − 30 + 5 in another account; what was bought the day after has no vote
    assert "Units entitled 75 held at its close" in text_of(page(as_viewer, f"/meetings/{of.pk}/"))
    as_viewer.cookies["amounts"] = "hide"
    assert "75" not in text_of(page(as_viewer, f"/meetings/{of.pk}/"))


def test_a_split_before_the_record_date_multiplies_the_votes(as_viewer):
    held = one_share()
    row("2025-03-03", "SPLIT", instrument=held, quantity=4, account=None)
    of = meeting(instrument=held, record_date=dt.date(2025, 5, 16))

    assert "Units entitled 400" in text_of(page(as_viewer, f"/meetings/{of.pk}/"))


def test_each_resolution_leads_to_the_explanation_of_its_type(as_viewer):
    of = meeting()
    resolution(of, 1, type="MARKET_PURCHASES")

    html = page(as_viewer, f"/meetings/{of.pk}/")

    assert 'popovertarget="type-market_purchases"' in html
    text = text_of(html[html.index('id="type-market_purchases"') :])
    # the British company asks first, the Taiwanese one tells afterwards
    assert "British The authority is asked for beforehand" in text
    assert "Taiwanese The board decides alone" in text


def test_every_type_is_explained(as_viewer):
    OwnResolutionType.objects.create(name="Climate", explanation="What we think of <b>it</b>")

    html = page(as_viewer, "/meetings/")

    for kind in ResolutionType:
        assert f'id="type-{kind.lower()}"' in html
    assert "What we think of &lt;b&gt;it&lt;/b&gt;" in html


def test_the_history_counts_with_and_against_the_board(as_viewer):
    of = meeting()
    votes = [("FOR", "FOR"), ("FOR", "FOR"), ("FOR", "AGAINST"), ("AGAINST", "ABSTAIN"), ("FOR", ""), ("", "FOR")]
    for place, (board, own) in enumerate(votes, start=1):
        resolution(of, place, board_recommendation=board, own_vote=own, type="DIVIDEND" if place < 3 else "ALLOTMENT")

    text = text_of(page(as_viewer, "/meetings/"))

    # four votes can be compared: two with, one against, one abstained
    assert "Of 4 votes 50 % followed the board; 2 did not." in text
    assert "Authority to allot shares 0 1 1 0" in text
    assert "Dividend or distribution of earnings 2 0 0 100" in text
    assert "AAA AAA Company 2 1 1 50" in text


def test_the_list_can_be_narrowed_to_a_company(as_viewer):
    meeting("AAA")
    meeting("BBB")

    html = page(as_viewer, "/meetings/?company=BBB")

    assert 'href="/holdings/' not in html
    assert "BBB Company" in html
    assert "AAA Company" not in html


def test_an_empty_page_says_what_to_do(as_owner):
    html = page(as_owner, "/meetings/")

    assert "No meeting is entered yet." in html
    assert 'href="/meetings/new/"' in html


def queries_of(client, address: str) -> int:
    page(client, address)
    with CaptureQueriesContext(connection) as found:
        page(client, address)
    return len(found)


def test_more_meetings_and_resolutions_ask_no_more_queries(as_owner):
    held = one_share()
    of = meeting(instrument=held, record_date=dt.date(2025, 5, 16))
    resolution(of, 1)
    addresses = (
        "/meetings/",
        f"/meetings/{of.pk}/",
        f"/meetings/{of.pk}/edit/",
        "/meetings/votes.csv",
        "/meetings/calendar.ics",
    )
    few = [queries_of(as_owner, each) for each in addresses]

    for number in range(2, 14):
        resolution(of, number)
        another = meeting(f"M{number}", record_date=dt.date(2025, 5, number))
        resolution(another, 1, own_vote="FOR", board_recommendation="FOR")

    assert [queries_of(as_owner, each) for each in addresses] == few


def test_saving_more_rows_asks_no_more_queries(as_owner):
    def saving(of: Meeting) -> int:
        sent = {**typed(of.instrument, agenda=""), **rows_of(of), "all": "board"}
        with CaptureQueriesContext(connection) as found:
            assert as_owner.post(f"/meetings/{of.pk}/edit/", sent).status_code == 302
        return len(found)

    small, large = meeting("AAA"), meeting("BBB")
    for place in range(1, 3):
        resolution(small, place, board_recommendation="FOR")
    for place in range(1, 31):
        resolution(large, place, board_recommendation="FOR")

    assert saving(large) == saving(small)


# ---- tables and calendars -----------------------------------------------------------------------------------------------


def test_the_table_holds_every_vote_and_runs_no_formula(as_viewer):
    of = meeting(record_date=dt.date(2025, 5, 16), deadline=dt.datetime(2025, 5, 19, 12, 0, tzinfo=LONDON))
    resolution(
        of, 1, title="=HYPERLINK(0)", board_recommendation="FOR", own_vote="AGAINST", result_for_percent="98.5", note="-1"
    )

    response = as_viewer.get("/meetings/votes.csv")
    (found,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))

    assert found["title"] == "'=HYPERLINK(0)"
    assert found["note"] == "'-1"
    assert found["deadline"] == "2025-05-19T12:00:00+01:00"
    assert (found["symbol"], found["board_recommendation"], found["own_vote"]) == ("AAA", "FOR", "AGAINST")
    assert found["result_for_percent"] == "98.5"
    assert "attachment" in response["Content-Disposition"]


def test_the_calendar_has_the_day_and_the_deadline_in_utc(as_viewer):
    of = meeting(deadline=dt.datetime(2025, 5, 19, 12, 0, tzinfo=LONDON))

    response = as_viewer.get(f"/meetings/{of.pk}/calendar.ics", headers=ENGLISH)
    day, deadline = Calendar.from_ical(response.content).walk("VEVENT")

    assert day.decoded("dtstart") == dt.date(2025, 5, 20)
    assert deadline.decoded("dtstart") == dt.datetime(2025, 5, 19, 11, 0, tzinfo=dt.UTC)
    assert str(deadline["summary"]) == "Votes due: AAA Annual general meeting"
    assert len(deadline.walk("VALARM")) == 1


def test_the_private_feed_brings_meetings_ahead(as_owner, client):
    one_share()
    date = timezone.localdate() + dt.timedelta(days=20)
    meeting("BBB", date.isoformat())
    as_owner.post("/income/calendar/", headers=ENGLISH)
    address = as_owner.session["new_calendar_feed"]

    body = client.get(address.replace("http://testserver", "")).content

    starts = [each.decoded("dtstart") for each in Calendar.from_ical(body).walk("VEVENT") if "BBB" in str(each["summary"])]
    assert starts == [date]


# ---- reminders ----------------------------------------------------------------------------------------------------------


def test_the_dashboard_names_votes_that_are_due(as_owner, as_viewer):
    one_share()
    of = meeting("BBB", (timezone.localdate() + dt.timedelta(days=6)).isoformat(), deadline=soon(5), time_zone="Europe/London")
    resolution(of, 1)
    resolution(of, 2, own_vote="FOR")

    text = page(as_owner, "/")

    assert "1 of 2 votes are open" in text_of(text)
    assert f'href="/meetings/{of.pk}/edit/"' in text
    assert f'href="/meetings/{of.pk}/"' in page(as_viewer, "/")
    # the page is kept until something changes: a vote is such a thing
    as_owner.post(f"/meetings/{of.pk}/edit/", {**typed(of.instrument, agenda=""), **rows_of(of, r0_own_vote="FOR")})
    of.resolutions.update(own_vote="FOR")
    LedgerStamp.bump()
    assert "votes are open" not in text_of(page(as_owner, "/"))


def test_what_is_far_off_over_or_decided_is_not_due():
    today = timezone.localdate()
    near, far, over, decided, bare = (
        meeting(name, (today + dt.timedelta(days=days)).isoformat(), deadline=deadline)
        for name, days, deadline in [
            ("NEAR", 6, soon(5)),
            ("FAR", 61, soon(60)),
            ("OVER", 1, soon(-0.01)),
            ("DONE", 6, soon(5)),
            ("BARE", 3, None),
        ]
    )
    for each in (near, far, over, bare):
        resolution(each)
    resolution(decided, own_vote="FOR")

    found = due_meetings(now=timezone.now(), within=dt.timedelta(days=14))

    # without a deadline the meeting's own day counts
    assert [each.instrument.symbol for each in found] == ["BARE", "NEAR"]


@pytest.fixture
def due(owner: User) -> Meeting:
    of = meeting("BBB", (timezone.localdate() + dt.timedelta(days=6)).isoformat(), deadline=soon(5), time_zone="Europe/London")
    resolution(of)
    User.objects.filter(pk=owner.pk).update(email="owner@example.org")
    return of


def test_a_mail_is_written_once_and_again_when_the_deadline_moves(due, as_owner):
    call_command("remind_meetings", language="en")
    call_command("remind_meetings", language="en")

    (letter,) = mail.outbox
    assert letter.to == ["owner@example.org"]
    assert letter.subject == "Votes of 1 meeting are due"
    assert "BBB Annual general meeting: 1 of 1 votes are open" in letter.body

    moved = {**typed(due.instrument, agenda="", date=due.date.isoformat(), record_date=""), **rows_of(due)}
    moved["deadline"] = f"{due.votes_until - dt.timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert as_owner.post(f"/meetings/{due.pk}/edit/", moved).status_code == 302
    call_command("remind_meetings", language="en")
    assert len(mail.outbox) == 2


def test_a_dry_run_sends_nothing_and_marks_nothing(due, capsys):
    call_command("remind_meetings", dry_run=True, language="en")

    assert "Votes of 1 meeting are due" in capsys.readouterr().out
    assert mail.outbox == []
    due.refresh_from_db()
    assert due.reminded_at is None


def test_a_reminder_that_cannot_be_sent_says_why(due, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = ""
    with pytest.raises(CommandError, match="EMAIL_HOST"):
        call_command("remind_meetings")
    # nobody listens on port 1
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(CommandError, match="did not take the mail"):
        call_command("remind_meetings")
    User.objects.update(email="")
    with pytest.raises(CommandError, match="No owner has a mail address"):
        call_command("remind_meetings")
    due.refresh_from_db()
    assert due.reminded_at is None


# ---- documents ----------------------------------------------------------------------------------------------------------


def send(client, of: Meeting, name: str, content: bytes):
    file = SimpleUploadedFile(name, content, content_type="application/pdf")
    return client.post(f"/meetings/{of.pk}/documents/", {"file": file}, headers=ENGLISH, follow=True)


def test_a_document_is_kept_privately_and_handed_out_as_a_download(as_owner, as_viewer, client, settings):
    of = meeting()
    send(as_owner, of, "../../Notice.pdf", b"%PDF-1.7 notice")
    kept = MeetingDocument.objects.get()

    assert kept.name == "Notice.pdf"
    assert Path(kept.file.path).is_relative_to(settings.MEDIA_ROOT)
    assert "Notice" not in kept.file.name
    address = f"/meetings/{of.pk}/documents/{kept.pk}/"
    response = as_viewer.get(address)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 notice"
    assert response["Content-Disposition"] == 'attachment; filename="Notice.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(address).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", b"%PDF-1.4", "application/pdf"),
        ("a.pdf", b"\x89PNG\r\n\x1a\nrest", "image/png"),
        ("a.txt", "議案".encode(), "text/plain"),
        ("a.pdf", b"MZ\x90\x00\xff", None),
        ("a.txt", b"one\x00two", None),
        ("a.pdf", b"", None),
    ],
)
def test_a_document_is_what_its_content_says(as_owner, name, content, kind):
    send(as_owner, meeting(), name, content)

    assert list(MeetingDocument.objects.values_list("content_type", flat=True)) == ([kind] if kind else [])


def test_a_document_too_large_is_refused(as_owner, monkeypatch):
    monkeypatch.setattr("portfolio.entry.meeting_forms.DOCUMENT_BYTES", 8)

    assert "larger than" in send(as_owner, meeting(), "a.pdf", b"%PDF-1.4 and more").text
    assert not MeetingDocument.objects.exists()


def test_files_go_with_their_document_and_their_meeting(as_owner, django_capture_on_commit_callbacks):
    of = meeting()
    for name in ("a.pdf", "b.pdf"):
        send(as_owner, of, name, b"%PDF-1.4")
    first, second = (Path(each.file.path) for each in of.documents.all())

    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"/meetings/{of.pk}/documents/{of.documents.first().pk}/delete/")
    assert (first.exists(), second.exists()) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        as_owner.post(f"/meetings/{of.pk}/delete/")
    assert not second.exists()
    assert not Meeting.objects.exists()
    assert Meeting.history.filter(history_type="-").count() == 1


# ---- what the database refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"type": "NONSENSE"},
        {"own_vote": "MAYBE"},
        {"board_recommendation": "MAYBE"},
        {"result_for_percent": 101},
        {"title": ""},
    ],
)
def test_the_database_refuses_words_and_figures_nobody_knows(columns):
    of = meeting()
    with pytest.raises(IntegrityError), transaction.atomic():
        resolution(of, 1, **columns)


def test_the_database_refuses_a_record_date_after_the_meeting():
    with pytest.raises(IntegrityError), transaction.atomic():
        meeting(record_date=dt.date(2025, 5, 21))


def test_owners_see_meetings_among_the_records(as_owner):
    of = meeting()
    resolution(of)
    assert as_owner.get(f"/admin/portfolio/meeting/{of.pk}/change/").status_code == 200
    assert as_owner.get("/admin/portfolio/ownresolutiontype/add/").status_code == 200
