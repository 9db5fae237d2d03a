"""Every answer is one that the OpenAPI document describes, whatever is sent and whoever sends it.

A few requests for each call, always the same ones; with EXAMPLES=300 that many, and others each time.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from accounts.tokens import issue_access_token
from config.core.clock import now
from events.models import Event
from realtime.webhooks.services import create_webhook
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.webhook_owner import HOOK, record_bookings

PEOPLE = ["organizer", "customer", "staff", "nobody"]
pytestmark = [
    pytest.mark.filterwarnings("ignore:Do not use the `random` module"),  # Schemathesis draws from it; it is seeded
    pytest.mark.filterwarnings("ignore:It looks like `register_random`"),  # Schemathesis, on import
    pytest.mark.timeout(max(120, int(os.environ.get("EXAMPLES", "0")) * 60)),
]
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(autouse=True)
def _every_call_is_there(settings: Any) -> None:
    settings.ADMIN_CREATION_TOKEN = "no-guess-of-a-stranger"


@pytest.fixture
def operations() -> list[Any]:
    from tests.support import openapi_requests

    return list(openapi_requests.operations())


@pytest.fixture
def known(event: Event, organizer: User, customer: User, other_customer: User) -> dict[str, str]:
    """What there is to ask for, by the first part of a path: without it most answers would be 404."""
    sold_out = factories.make_published_event(organizer, total_seats=1)
    factories.make_booking(sold_out, other_customer)
    webhook = create_webhook(by=organizer.as_actor(), url=HOOK, event_types=["booking.created"], now=now())
    (delivery,) = record_bookings(organizer)
    return {
        "events": event.id,
        "bookings": factories.make_booking(event, customer)["id"],
        "waitlist": sold_out.id,
        "webhooks": webhook.id,
        "delivery_id": delivery.id,
    }


@pytest.fixture
def bearer(who: str, request: pytest.FixtureRequest) -> Callable[[], dict[str, str]]:
    """Makes the header of one of PEOPLE; asked for each operation, since tokens live 15 minutes, long runs longer."""
    user = None if who == "nobody" else request.getfixturevalue(who)
    return lambda: {"Authorization": f"Bearer {issue_access_token(user.as_actor())}"} if user else {}


def ids_for(path: str, known: dict[str, str]) -> dict[str, str]:
    """Return what there is for each of a path's parameters."""
    return {name: known.get(name) or known[path.split("/")[2]] for name in re.findall(r"{(\w+)}", path)}


def make_real(case: Any, known: dict[str, str]) -> None:
    """Let a request ask for what there is."""
    case.path_parameters = ids_for(case.operation.path, known)
    if isinstance(case.body, dict) and "eventId" in case.body:
        case.body["eventId"] = known["waitlist" if case.operation.path == "/api/waitlist" else "events"]


@pytest.mark.parametrize("who", PEOPLE)
def test_answers_are_as_documented(operations: list[Any], known: dict[str, str], bearer: Callable[[], dict[str, str]]):
    from tests.support import openapi_requests

    for operation in operations:
        openapi_requests.check_answers(operation, headers=bearer(), make_real=partial(make_real, known=known))


def test_whoever_has_to_sign_in_is_told_so(operations: list[Any], known: dict[str, str], anonymous):
    private = [one for one in operations if {} not in one.definition.raw["security"]]

    answers = {one.label: anonymous.generic(one.method, one.path.format(**ids_for(one.path, known))) for one in private}

    assert len(answers) > 30
    for label, answer in answers.items():
        assert is_problem(answer, 401, "unauthorized"), label
        assert answer["WWW-Authenticate"] == 'Bearer realm="api"', label


def test_a_method_that_is_not_described_is_405(
    operations: list[Any], known: dict[str, str], as_organizer, as_customer, as_staff
):
    """For those who may use the others: who may not is told that first."""
    described: dict[str, set[str]] = {}
    for one in operations:
        described.setdefault(one.path, set()).add(one.method.upper())

    for path, methods in described.items():
        for method in METHODS - methods:
            url = path.format(**ids_for(path, known))
            answers = [client.generic(method, url) for client in (as_organizer, as_customer, as_staff)]
            (refused, *_) = [answer for answer in answers if answer.status_code != 403] or answers
            assert is_problem(refused, 405, "method_not_allowed"), (method, path)
            assert set(refused["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods, path
