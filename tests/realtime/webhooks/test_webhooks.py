"""/api/webhooks: registering, listing, deleting."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accounts.models import User
from realtime.models import Webhook
from realtime.webhooks import services
from realtime.webhooks.event_types import EVENT_TYPES
from tests.conftest import client_of
from tests.support.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem
from tests.support.webhook_owner import BODY, HOOK, URL, register_over_api


def test_an_organizer_registers_a_webhook(as_organizer, organizer: User):
    webhook = register_over_api(as_organizer, eventTypes=["event.published", "booking.created"])

    assert set(webhook) == {"id", "url", "eventTypes", "createdAt", "secret"}
    assert (webhook["url"], webhook["eventTypes"]) == (HOOK, ["booking.created", "event.published"])
    assert re.fullmatch("WH-[0-9A-Z]{8}", webhook["id"])
    assert re.fullmatch(r"whsec_[\w-]{43}", webhook["secret"])
    assert Webhook.objects.get().organizer == organizer.pk


def test_the_secret_is_shown_at_registration_only(as_organizer):
    webhook = register_over_api(as_organizer)
    secret = webhook.pop("secret")

    response = as_organizer.get(URL)

    assert response.json() == {"count": 1, "next": None, "previous": None, "results": [webhook]}
    assert secret not in response.content.decode()


def test_each_webhook_has_its_own_secret(as_organizer):
    assert register_over_api(as_organizer)["secret"] != register_over_api(as_organizer)["secret"]


def test_every_type_is_accepted_and_repeats_are_dropped(as_organizer):
    assert register_over_api(as_organizer, eventTypes=[*EVENT_TYPES, *EVENT_TYPES])["eventTypes"] == sorted(EVENT_TYPES)


CALLS = [
    ("get", URL),
    ("post", URL),
    ("delete", f"{URL}/WH-00000000"),
    ("get", f"{URL}/WH-00000000/deliveries"),
    ("post", f"{URL}/WH-00000000/deliveries/x/redeliver"),
]


@pytest.mark.parametrize(("method", "url"), CALLS)
def test_without_a_token_it_is_401(anonymous, method: str, url: str):
    assert is_problem(getattr(anonymous, method)(url, BODY), 401, "unauthorized")


@pytest.mark.parametrize("who", ["as_customer", "as_staff"])
@pytest.mark.parametrize(("method", "url"), CALLS)
def test_other_roles_get_403(who: str, method: str, url: str, request: pytest.FixtureRequest):
    assert is_problem(getattr(request.getfixturevalue(who), method)(url, BODY), 403, "forbidden")


@pytest.mark.parametrize(("method", "url"), CALLS[2:])
@pytest.mark.parametrize("unknown", ["WH-00000000", "x", "🎷", "$ne", "%00", "a" * 3000])
def test_an_unknown_webhook_is_404(as_organizer, method: str, url: str, unknown: str):
    response = getattr(as_organizer, method)(url.replace("WH-00000000", unknown))

    assert is_problem(response, 404, "not_found")


@pytest.mark.parametrize("url", [*BAD_TEXT, "x", f"https://1.1.1.1/{'a' * 2048}"])
def test_an_invalid_url_is_refused(as_organizer, url: Any):
    assert faulty_fields(as_organizer.post(URL, {**BODY, "url": url})) == {"url"}


PRIVATE = [
    "https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://100.64.0.1/", "http://1.1.1.1/",
    "https://user:secret@1.1.1.1/", "https://1.1.1.1:25/", "https://nowhere.invalid/",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_an_address_that_is_not_public_is_refused(as_organizer, url: str):
    response = as_organizer.post(URL, {**BODY, "url": url})

    assert faulty_fields(response) == {"url"}
    assert response.json()["errors"][0]["code"] == "address_refused"
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize("types", [[], None, "booking.created", {"a": 1}, 5, ["booking.created"] * 51])
def test_an_invalid_list_of_types_is_refused(as_organizer, types: Any):
    assert faulty_fields(as_organizer.post(URL, {**BODY, "eventTypes": types})) == {"eventTypes"}


@pytest.mark.parametrize(
    "type_", ["", "booking.deleted", "event.approved", "*", None, True, ["booking.created"], {"a": 1}]
)
def test_an_unknown_type_is_refused(as_organizer, type_: Any):
    response = as_organizer.post(URL, {**BODY, "eventTypes": ["booking.created", type_]})

    assert faulty_fields(response) == {"eventTypes.1"}


def test_all_missing_fields_are_named(as_organizer):
    assert faulty_fields(as_organizer.post(URL, {})) == {"url", "eventTypes"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_a_broken_body_is_refused(as_organizer, body: bytes):
    assert is_problem(as_organizer.generic("POST", URL, body, "application/json"), 400)


def test_an_eleventh_webhook_is_refused(as_organizer, as_stranger):
    made = [register_over_api(as_organizer)["id"] for _ in range(10)]

    assert is_problem(as_organizer.post(URL, BODY), 409, "too_many_webhooks")
    assert [one["id"] for one in as_organizer.get(URL).json()["results"]] == made[::-1]
    assert register_over_api(as_stranger)


def test_after_a_deletion_another_can_be_registered(as_organizer):
    made = [register_over_api(as_organizer)["id"] for _ in range(10)]

    assert as_organizer.delete(f"{URL}/{made[4]}").status_code == 204

    assert register_over_api(as_organizer)


def test_concurrent_requests_register_ten_at_most(organizer: User):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: client_of(organizer).post(URL, BODY).status_code, range(24)))

    assert sorted(statuses) == [201] * 10 + [409] * 14
    assert sorted(Webhook.objects.values_list("slot", flat=True)) == list(range(10))


def test_too_many_changes_are_429(as_organizer, settings):
    settings.RATE_LIMITS = True

    statuses = [as_organizer.delete(f"{URL}/x").status_code for _ in range(241)]  # a minute may end in between

    assert (statuses[0], max(statuses)) == (404, 429)


def test_too_many_concurrent_dns_lookups_are_503(as_organizer):
    """As many requests as allowed are waiting for a name server."""
    for _ in range(4):
        assert services.dns_lookups.acquire(blocking=False)

    response = as_organizer.post(URL, BODY)

    for _ in range(4):
        services.dns_lookups.release()
    assert is_problem(response, 503, "unavailable")
    assert register_over_api(as_organizer)
