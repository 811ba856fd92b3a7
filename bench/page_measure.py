"""The warm review page beside a view that hands out ready JSON, both through the app's whole WSGI stack, logged in.

Requests go straight into the WSGI application: no socket and no test client, whose share would flatter the ratio.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.generator import SIZES
from bench.review_measures import QUARTER, YEAR, cold_review
from bench.rounds import Variant, medians
from bench.stage import Household, Stage
from bench.verdicts import Verdict, timed

BUDGET = 2.0
PAGE = f"/review/{YEAR}-q{QUARTER}/"
# one request is too short to time alone
REQUESTS = 20

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


class PageFailedError(RuntimeError):
    """A request was not answered with 200; the message says which and with what."""


def measure_page(*, stage: Stage, rounds: int) -> list[Verdict]:
    """Return the verdict on the review page of the household, its report in the cache."""
    from django.conf import settings  # noqa: PLC0415  Django must have started
    from django.test.utils import override_settings  # noqa: PLC0415

    household = stage.household(SIZES["household"])
    household.enter()
    # fingerprinted names would ask for a collectstatic first; looking a name up costs next to nothing either way
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ROOT_URLCONF="bench.page_urls", STORAGES=storages):
        application, cookie, ready_path = _application(household)
        found = medians(
            variants=[
                Variant("page", partial(_ask, application, PAGE, cookie)),
                Variant("json", partial(_ask, application, ready_path, cookie)),
            ],
            rounds=rounds,
        )
    return [
        timed(
            measure="review page, warm",
            size=household.size.name,
            ours=found["page"] / REQUESTS,
            yardstick=found["json"] / REQUESTS,
            budget=BUDGET,
        )
    ]


def _application(household: Household) -> tuple[Application, str, str]:
    """Return the app, the cookie of a logged-in person, and the path of the JSON view with this household's review."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench import page_urls  # noqa: PLC0415
    from portfolio.reports.plain import to_json  # noqa: PLC0415

    page_urls.put(json.dumps(to_json(cold_review()), ensure_ascii=False).encode())
    people = get_user_model().objects
    person = people.filter(username="bench").first() or people.create_superuser("bench", password=None)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return get_wsgi_application(), client.cookies.output(header="", sep=";").strip(), page_urls.READY_PATH


def _ask(application: Application, path: str, cookie: str) -> None:
    from django.test import RequestFactory  # noqa: PLC0415

    answered: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        answered.append(status)

    for _ in range(REQUESTS):
        environ = RequestFactory().get(path, headers={"host": "localhost", "cookie": cookie}).environ
        body = application(environ, start_response)
        for _chunk in body:
            pass
        # a server closes the response, and with it ends what the request holds open
        body.close()
        if not answered[-1].startswith("200"):
            raise PageFailedError(f"{path} was answered with {answered[-1]}")
