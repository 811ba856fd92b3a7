"""The warm review page beside a view that hands out ready JSON, both through the app's whole WSGI stack, logged in.

Requests go straight into the WSGI application: no socket and no test client, whose share would flatter the ratio.
"""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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


class PageFailedError(RuntimeError):
    """A request was not answered with 200; the message says which and with what."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in, as the app's WSGI server would present their requests."""

    application: Callable[[dict[str, Any], Callable[..., Any]], Any]
    environ: dict[str, Any]

    def ask(self, path: str) -> None:
        """Ask for a page and read it to its end, as often as one round does."""
        answered: list[str] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            answered.append(status)

        for _ in range(REQUESTS):
            body = self.application(self.environ | {"PATH_INFO": path, "wsgi.input": io.BytesIO()}, start_response)
            for _chunk in body:
                pass
            # a server closes the response, and with it ends what the request holds open
            body.close()
            if not answered[-1].startswith("200"):
                raise PageFailedError(f"{path} was answered with {answered[-1]}")


def measure_page(*, stage: Stage, rounds: int) -> list[Verdict]:
    """Return the verdict on the review page of the household, its report in the cache."""
    from bench.page_urls import READY_PATH  # noqa: PLC0415  Django must have started

    household = stage.household(SIZES["household"])
    with visiting(household) as visitor:
        found = medians(
            variants=[
                Variant("page", partial(visitor.ask, PAGE)),
                Variant("json", partial(visitor.ask, READY_PATH)),
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


@contextmanager
def visiting(household: Household) -> Iterator[Visitor]:
    """Lend a visitor of the household's pages; its review lies ready as JSON beside them."""
    from django.conf import settings  # noqa: PLC0415  Django must have started
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415
    from django.test.utils import override_settings  # noqa: PLC0415

    from bench import page_urls  # noqa: PLC0415
    from portfolio.reports.plain import to_json  # noqa: PLC0415

    household.enter()
    page_urls.put(json.dumps(to_json(cold_review()), ensure_ascii=False).encode())
    # fingerprinted names would ask for a collectstatic first; looking a name up costs next to nothing either way
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    collected = household.data / "static"
    collected.mkdir(exist_ok=True)
    with override_settings(ROOT_URLCONF="bench.page_urls", STORAGES=storages, STATIC_ROOT=collected):
        cookie = f"{settings.SESSION_COOKIE_NAME}={_session_key()}"
        environ = RequestFactory().get("/", headers={"host": "localhost", "cookie": cookie}).environ
        yield Visitor(get_wsgi_application(), environ)


def _session_key() -> str:
    """Log a person in, made on first use, and return the key of the session."""
    from django.conf import settings  # noqa: PLC0415  Django must have started
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    person, _ = get_user_model().objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value
