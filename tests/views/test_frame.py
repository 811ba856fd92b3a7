"""The frame: who gets in, which language and colours a browser sees, and that its switches are kept."""

import pytest
from django.test import Client
from django.utils.translation import override

pytestmark = pytest.mark.django_db
CHINESE = {"headers": {"accept-language": "zh-TW,zh;q=0.9"}}
ENGLISH = {"headers": {"accept-language": "en-GB,en;q=0.9"}}


@pytest.mark.parametrize("path", ["/review/", "/review/2025-q1/", "/api/review/2025-q1/", "/"])
def test_a_stranger_is_asked_to_log_in(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next={path}"


def test_the_login_speaks_the_browsers_language_on_the_first_visit(client: Client):
    chinese, english = client.get("/login/", **CHINESE), client.get("/login/", **ENGLISH)
    assert '<html lang="zh-Hant-TW" data-direction="east">' in chinese.text
    assert '<html lang="en" data-direction="west">' in english.text
    assert "登入" in chinese.text
    assert "Log in" in english.text


def test_a_browser_of_no_known_language_sees_chinese(client: Client):
    assert 'lang="zh-Hant-TW"' in client.get("/login/", headers={"accept-language": "fi"}).text


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(client: Client):
    response = client.post("/login/", {"username": "nobody", "password": "wrong"}, **ENGLISH)
    assert response.status_code == 200
    assert 'role="alert"' in response.text
    assert 'value="nobody"' in response.text


def test_switches_are_kept_in_the_browser_and_lead_back(client: Client):
    response = client.post("/display/", {"theme": "dark", "next": "/login/?next=/review/"})
    assert response["Location"] == "/login/?next=/review/"
    assert client.cookies["theme"].value == "dark"
    assert client.cookies["theme"]["httponly"]
    assert 'data-theme="dark"' in client.get("/login/").text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_switches_never_lead_to_another_site(client: Client, elsewhere: str):
    assert client.post("/display/", {"theme": "dark", "next": elsewhere})["Location"] == "/"


def test_a_switch_says_only_what_it_can_say(client: Client):
    client.post("/display/", {"theme": '"><script>', "amounts": "perhaps"})
    assert "theme" not in client.cookies
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/login/").text.replace("<script src", "")


def test_switches_are_set_by_post_alone(client: Client):
    assert client.get("/display/").status_code == 405


def test_the_language_switch_wins_over_the_browser(client: Client):
    client.post("/display/", {"language": "en"})
    assert 'lang="en"' in client.get("/login/", **CHINESE).text


def test_colours_follow_the_language_until_they_are_chosen(client: Client):
    client.post("/display/", {"direction": "east", "language": "en"})
    assert '<html lang="en" data-direction="east">' in client.get("/login/").text


def test_no_page_runs_a_script_of_its_own(client: Client):
    response = client.get("/login/")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "onclick" not in response.text


def test_only_an_owner_sees_the_way_to_a_new_trade(as_owner: Client, as_viewer: Client):
    assert "/admin/portfolio/transaction/add/" in as_owner.get("/review/").text
    assert "/admin/" not in as_viewer.get("/review/").text


def test_two_readers_never_share_what_is_theirs(as_owner: Client, as_viewer: Client):
    as_owner.cookies["amounts"] = "hide"
    assert as_owner.get("/review/").text != as_viewer.get("/review/").text
    first, second = as_owner.get("/review/").text, as_owner.get("/review/").text
    assert first.count("csrfmiddlewaretoken") == second.count("csrfmiddlewaretoken") == 1


def test_logging_out_ends_at_the_login(as_owner: Client):
    response = as_owner.post("/logout/")
    assert response["Location"] == "/login/"
    assert as_owner.get("/review/").status_code == 302


def test_a_page_that_is_not_there_says_so_in_the_frame(as_owner: Client):
    response = as_owner.get("/nowhere/", **ENGLISH)
    assert response.status_code == 404
    assert "No such page" in response.text


def test_the_pages_name_is_in_both_languages(client: Client):
    with override("en"):
        assert "Larder" in client.get("/login/", **ENGLISH).text
    assert "糧倉" in client.get("/login/", **CHINESE).text
