"""The OpenAPI document describes every response, for any request of any user.

A few requests for each operation, the same in each run; with EXAMPLES=300 that many, and new ones in each run.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.access_tokens import issue_access_token
from accounts.models import User
from config.core.clock import now
from events.models import Event
from realtime.webhooks.services import create_webhook
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.webhook_owner import HOOK, record_bookings

CLIENTS = ["organizer", "customer", "staff", "nobody"]
pytestmark = [
    pytest.mark.filterwarnings("ignore:Do not use the `random` module"),  # Schemathesis draws from it; it is seeded
    pytest.mark.filterwarnings("ignore:It looks like `register_random`"),  # Schemathesis, on import
    pytest.mark.timeout(max(120, int(os.environ.get("EXAMPLES", "0")) * 60)),
]
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture(autouse=True)
def _every_operation_is_enabled(settings: Any) -> None:
    settings.ADMIN_CREATION_TOKEN = "no-guess-of-a-stranger"


@pytest.fixture
def operations() -> list[Any]:
    from tests.support import openapi_requests

    return list(openapi_requests.operations())


@pytest.fixture
def known(event: Event, organizer: User, customer: User, other_customer: User) -> dict[str, str]:
    """Ids of existing objects by the first part of a path: with made-up ids most responses would be 404."""
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
def bearer(client_name: str, request: pytest.FixtureRequest) -> Callable[[], dict[str, str]]:
    """Make the header of one of CLIENTS, anew for each operation: tokens live 15 minutes, long runs take longer."""
    user = None if client_name == "nobody" else request.getfixturevalue(client_name)
    return lambda: {"Authorization": f"Bearer {issue_access_token(user.as_actor())}"} if user else {}


def ids_for(path: str, known: dict[str, str]) -> dict[str, str]:
    """Return the id of an existing object for each parameter of a path."""
    return {name: known.get(name) or known[path.split("/")[2]] for name in re.findall(r"{(\w+)}", path)}


def use_existing_ids(case: Any, known: dict[str, str]) -> None:
    """Change a request to ask for existing objects."""
    case.path_parameters = ids_for(case.operation.path, known)
    if isinstance(case.body, dict) and "eventId" in case.body:
        case.body["eventId"] = known["waitlist" if case.operation.path == "/api/waitlist" else "events"]


@pytest.mark.parametrize("client_name", CLIENTS)
def test_responses_are_as_documented(
    operations: list[Any], known: dict[str, str], bearer: Callable[[], dict[str, str]]
):
    from tests.support import openapi_requests

    for operation in operations:
        openapi_requests.check_responses(
            operation, headers=bearer(), use_existing_ids=partial(use_existing_ids, known=known)
        )


def test_private_operations_without_a_token_are_401(operations: list[Any], known: dict[str, str], anonymous):
    private = [one for one in operations if {} not in one.definition.raw["security"]]

    responses = {
        one.label: anonymous.generic(one.method, one.path.format(**ids_for(one.path, known))) for one in private
    }

    assert len(responses) > 30
    for label, response in responses.items():
        assert is_problem(response, 401, "unauthorized"), label
        assert response["WWW-Authenticate"] == 'Bearer realm="api"', label


def test_an_undocumented_method_is_405(
    operations: list[Any], known: dict[str, str], as_organizer, as_customer, as_staff
):
    """For users who may use the other methods: others get a 403."""
    described: dict[str, set[str]] = {}
    for one in operations:
        described.setdefault(one.path, set()).add(one.method.upper())

    for path, methods in described.items():
        for method in METHODS - methods:
            url = path.format(**ids_for(path, known))
            responses = [client.generic(method, url) for client in (as_organizer, as_customer, as_staff)]
            (refused, *_) = [response for response in responses if response.status_code != 403] or responses
            assert is_problem(refused, 405, "method_not_allowed"), (method, path)
            assert set(refused["Allow"].split(", ")) - {"HEAD", "OPTIONS"} == methods, path
