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
from tests.support.webhook_owner import BODY, HOOK, URL, register_at


def test_registers_a_webhook(as_organizer, organizer: User):
    webhook = register_at(as_organizer, eventTypes=["event.published", "booking.created"])

    assert set(webhook) == {"id", "url", "eventTypes", "createdAt", "secret"}
    assert (webhook["url"], webhook["eventTypes"]) == (HOOK, ["booking.created", "event.published"])
    assert re.fullmatch("WH-[0-9A-Z]{8}", webhook["id"])
    assert re.fullmatch(r"whsec_[\w-]{43}", webhook["secret"])
    assert Webhook.objects.get().organizer == organizer.pk


def test_the_secret_is_shown_once_only(as_organizer):
    webhook = register_at(as_organizer)
    secret = webhook.pop("secret")

    response = as_organizer.get(URL)

    assert response.json() == {"count": 1, "next": None, "previous": None, "results": [webhook]}
    assert secret not in response.content.decode()


def test_each_has_a_secret_of_its_own(as_organizer):
    assert register_at(as_organizer)["secret"] != register_at(as_organizer)["secret"]


def test_takes_every_type_and_counts_repeats_once(as_organizer):
    assert register_at(as_organizer, eventTypes=[*EVENT_TYPES, *EVENT_TYPES])["eventTypes"] == sorted(EVENT_TYPES)


CALLS = [
    ("get", URL),
    ("post", URL),
    ("delete", f"{URL}/WH-00000000"),
    ("get", f"{URL}/WH-00000000/deliveries"),
    ("post", f"{URL}/WH-00000000/deliveries/x/redeliver"),
]


@pytest.mark.parametrize(("method", "url"), CALLS)
def test_needs_a_token(anonymous, method: str, url: str):
    assert is_problem(getattr(anonymous, method)(url, BODY), 401, "unauthorized")


@pytest.mark.parametrize("who", ["as_customer", "as_staff"])
@pytest.mark.parametrize(("method", "url"), CALLS)
def test_is_for_organizers_only(who: str, method: str, url: str, request: pytest.FixtureRequest):
    assert is_problem(getattr(request.getfixturevalue(who), method)(url, BODY), 403, "forbidden")


@pytest.mark.parametrize(("method", "url"), CALLS[2:])
@pytest.mark.parametrize("unknown", ["WH-00000000", "x", "🎷", "$ne", "%00", "a" * 3000])
def test_an_unknown_webhook_is_404(as_organizer, method: str, url: str, unknown: str):
    response = getattr(as_organizer, method)(url.replace("WH-00000000", unknown))

    assert is_problem(response, 404, "not_found")


@pytest.mark.parametrize("url", [*BAD_TEXT, "x", f"https://1.1.1.1/{'a' * 2048}"])
def test_refuses_what_is_no_url(as_organizer, url: Any):
    assert faulty_fields(as_organizer.post(URL, {**BODY, "url": url})) == {"url"}


PRIVATE = [
    "https://127.0.0.1/", "https://localhost/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "https://100.64.0.1/", "http://1.1.1.1/",
    "https://user:secret@1.1.1.1/", "https://1.1.1.1:25/", "https://nowhere.invalid/",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_refuses_an_address_that_webhooks_do_not_go_to(as_organizer, url: str):
    response = as_organizer.post(URL, {**BODY, "url": url})

    assert faulty_fields(response) == {"url"}
    assert response.json()["errors"][0]["code"] == "address_refused"
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize("types", [[], None, "booking.created", {"a": 1}, 5, ["booking.created"] * 51])
def test_refuses_what_is_no_list_of_types(as_organizer, types: Any):
    assert faulty_fields(as_organizer.post(URL, {**BODY, "eventTypes": types})) == {"eventTypes"}


@pytest.mark.parametrize(
    "type_", ["", "booking.deleted", "event.approved", "*", None, True, ["booking.created"], {"a": 1}]
)
def test_refuses_an_unknown_type(as_organizer, type_: Any):
    response = as_organizer.post(URL, {**BODY, "eventTypes": ["booking.created", type_]})

    assert faulty_fields(response) == {"eventTypes.1"}


def test_names_every_field_that_is_missing(as_organizer):
    assert faulty_fields(as_organizer.post(URL, {})) == {"url", "eventTypes"}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES.keys())
def test_refuses_a_broken_body(as_organizer, body: bytes):
    assert is_problem(as_organizer.generic("POST", URL, body, "application/json"), 400)


def test_ten_are_the_most(as_organizer, as_stranger):
    made = [register_at(as_organizer)["id"] for _ in range(10)]

    assert is_problem(as_organizer.post(URL, BODY), 409, "too_many_webhooks")
    assert [one["id"] for one in as_organizer.get(URL).json()["results"]] == made[::-1]
    assert register_at(as_stranger)


def test_deleting_one_makes_room(as_organizer):
    made = [register_at(as_organizer)["id"] for _ in range(10)]

    assert as_organizer.delete(f"{URL}/{made[4]}").status_code == 204

    assert register_at(as_organizer)


def test_ten_are_the_most_from_many_threads_too(organizer: User):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: client_of(organizer).post(URL, BODY).status_code, range(24)))

    assert sorted(statuses) == [201] * 10 + [409] * 14
    assert sorted(Webhook.objects.values_list("slot", flat=True)) == list(range(10))


def test_too_many_changes_are_429(as_organizer, settings):
    settings.RATE_LIMITS = True

    statuses = [as_organizer.delete(f"{URL}/x").status_code for _ in range(241)]  # wherever in them a minute ends

    assert (statuses[0], max(statuses)) == (404, 429)


def test_slow_name_servers_do_not_take_all_threads(as_organizer):
    """As many requests as may wait for one do."""
    for _ in range(4):
        assert services.looking_up.acquire(blocking=False)

    response = as_organizer.post(URL, BODY)

    for _ in range(4):
        services.looking_up.release()
    assert is_problem(response, 503, "unavailable")
    assert register_at(as_organizer)
