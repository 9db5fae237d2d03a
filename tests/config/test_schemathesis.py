"""Every answer is one that the OpenAPI document describes, whatever is sent: many requests made from the document."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi

from accounts.models import User
from accounts.tokens import issue_access_token
from events.models import Event
from tests import factories

# Schemathesis itself draws from `random`, which Hypothesis seeds.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")
EXAMPLES = 4
CHECKS = [
    not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]
FEW = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def document() -> Any:
    return schemathesis.openapi.from_wsgi("/api/schema", get_wsgi_application())


def operations(document: Any) -> Iterator[Any]:
    return (found.ok() for found in document.get_all_operations())


@pytest.fixture
def known(event: Event, customer: User) -> dict[str, str]:
    """What there is to ask for: without it most answers would be 404."""
    booking = factories.make_booking(event, customer)
    return {"event": event.id, "booking": booking["id"]}


def id_for(path: str, known: dict[str, str]) -> str:
    return known["booking" if path.startswith("/api/bookings") else "event"]


@pytest.mark.parametrize("who", ["organizer", "customer", "staff", "nobody"])
def test_answers_are_as_documented(document: Any, known: dict[str, str], who: str, request: pytest.FixtureRequest):
    user = None if who == "nobody" else request.getfixturevalue(who)
    headers = {"Authorization": f"Bearer {issue_access_token(user.as_caller())}"} if user else {}

    for operation in operations(document):

        @FEW
        @given(case=operation.as_strategy(), real=...)
        def answers_as_documented(case: Any, real: bool) -> None:
            if real:
                case.path_parameters = {name: id_for(operation.path, known) for name in case.path_parameters or {}}  # noqa: B023 - called at once
            case.headers = {name: value for name, value in (case.headers or {}).items() if name != "Authorization"}
            case.call_and_validate(headers=headers, checks=CHECKS)

        answers_as_documented()
