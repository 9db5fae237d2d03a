"""/api/webhooks: registering, listing, deleting; the log of deliveries."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accounts.models import User
from config.clock import now
from journal.models import Entry
from realtime.models import EVENT_TYPES, Delivery, Webhook
from realtime.webhooks import handler
from tests.bad_input import BAD_TEXT, BROKEN_BODIES, faulty_fields, is_problem
from tests.conftest import client_of
from tests.events.profiling import profiled

URL = "/api/webhooks"
HOOK = "https://1.1.1.1/hook"  # public without asking a name server; nothing is sent to it here
BODY = {"url": HOOK, "eventTypes": ["booking.created"]}


def register(client: Any, **fields: Any) -> dict[str, Any]:
    response = client.post(URL, {**BODY, **fields})
    assert response.status_code == 201, response.content
    return dict(response.json())


def happen(owner: User, *, number: int = 1, type: str = "booking.created") -> Entry:  # noqa: A002 - the entry's own word
    """Have something happen that concerns this organizer."""
    data = {"id": f"BK-{number}", "organizerId": owner.pk}
    entry = Entry.objects.create(id=f"{type}:BK-{number}", type=type, subject=f"BK-{number}", at=now(), data=data)
    handler.deliver([entry])
    return entry


def log_of(client: Any, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{URL}/{webhook['id']}/deliveries{query}")
    assert response.status_code == 200, response.content
    return list(response.json()["results"])


def test_registers_a_webhook(as_organizer, organizer: User):
    webhook = register(as_organizer, eventTypes=["event.published", "booking.created"])

    assert set(webhook) == {"id", "url", "eventTypes", "createdAt", "secret"}
    assert (webhook["url"], webhook["eventTypes"]) == (HOOK, ["booking.created", "event.published"])
    assert re.fullmatch("WH-[0-9A-Z]{8}", webhook["id"])
    assert re.fullmatch(r"whsec_[\w-]{43}", webhook["secret"])
    assert Webhook.objects.get().organizer == organizer.pk


def test_the_secret_is_shown_once_only(as_organizer):
    webhook = register(as_organizer)
    secret = webhook.pop("secret")

    response = as_organizer.get(URL)

    assert response.json() == {"count": 1, "next": None, "previous": None, "results": [webhook]}
    assert secret not in response.content.decode()


def test_each_has_a_secret_of_its_own(as_organizer):
    assert register(as_organizer)["secret"] != register(as_organizer)["secret"]


def test_takes_every_type_and_counts_repeats_once(as_organizer):
    assert register(as_organizer, eventTypes=[*EVENT_TYPES, *EVENT_TYPES])["eventTypes"] == sorted(EVENT_TYPES)


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


def test_to_a_stranger_it_does_not_exist(organizer: User, as_organizer, as_stranger):
    webhook = register(as_organizer)
    happen(organizer)
    (delivery,) = log_of(as_organizer, webhook)
    mine = f"{URL}/{webhook['id']}"

    assert as_stranger.get(URL).json()["results"] == []
    assert is_problem(as_stranger.get(f"{mine}/deliveries"), 404, "not_found")
    assert is_problem(as_stranger.post(f"{mine}/deliveries/{delivery['id']}/redeliver"), 404, "not_found")
    assert is_problem(as_stranger.delete(mine), 404, "not_found")
    assert log_of(as_organizer, webhook) == [delivery]


def test_a_delivery_is_found_under_its_own_webhook_only(stranger: User, as_organizer, as_stranger):
    register_for_them = register(as_stranger)
    happen(stranger)
    (theirs,) = log_of(as_stranger, register_for_them)
    mine = register(as_organizer)

    response = as_organizer.post(f"{URL}/{mine['id']}/deliveries/{theirs['id']}/redeliver")

    assert is_problem(response, 404, "not_found")
    assert Delivery.objects.get().round == 0


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
    "type_", ["", "booking.deleted", "event.hidden", "*", None, True, ["booking.created"], {"a": 1}]
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
    made = [register(as_organizer)["id"] for _ in range(10)]

    assert is_problem(as_organizer.post(URL, BODY), 409, "too_many_webhooks")
    assert [one["id"] for one in as_organizer.get(URL).json()["results"]] == made[::-1]
    assert register(as_stranger)


def test_deleting_one_makes_room(as_organizer):
    made = [register(as_organizer)["id"] for _ in range(10)]

    assert as_organizer.delete(f"{URL}/{made[4]}").status_code == 204

    assert register(as_organizer)


def test_ten_are_the_most_from_many_threads_too(organizer: User):
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: client_of(organizer).post(URL, BODY).status_code, range(24)))

    assert sorted(statuses) == [201] * 10 + [409] * 14
    assert sorted(Webhook.objects.values_list("slot", flat=True)) == list(range(10))


def test_deletes_a_webhook_with_its_log(organizer: User, as_organizer):
    webhook, other = register(as_organizer), register(as_organizer)
    happen(organizer)

    response = as_organizer.delete(f"{URL}/{webhook['id']}")

    assert (response.status_code, response.content) == (204, b"")
    assert is_problem(as_organizer.delete(f"{URL}/{webhook['id']}"), 404, "not_found")
    assert list(Delivery.objects.values_list("webhook", flat=True)) == [other["id"]]


def test_the_log_says_what_waits(organizer: User, as_organizer):
    webhook = register(as_organizer)
    entry = happen(organizer)

    (delivery,) = log_of(as_organizer, webhook)

    assert delivery == {
        "id": f"{webhook['id']}.{entry.id.replace(':', '~')}",
        "type": "booking.created",
        "status": "PENDING",
        "createdAt": delivery["createdAt"],
        "nextAttemptAt": delivery["createdAt"],
        "attempts": [],
    }


def test_the_log_is_paged_newest_first(organizer: User, as_organizer):
    webhook = register(as_organizer)
    for number in range(5):
        happen(organizer, number=number)

    pages = [log_of(as_organizer, webhook, f"?pageSize=2&page={page}") for page in (1, 2, 3)]

    assert [one["id"][-1] for page in pages for one in page] == ["4", "3", "2", "1", "0"]


def test_sending_again_answers_with_the_delivery(organizer: User, as_organizer):
    webhook = register(as_organizer)
    happen(organizer)
    Delivery.objects.update(status="FAILED")
    (delivery,) = log_of(as_organizer, webhook)

    response = as_organizer.post(f"{URL}/{webhook['id']}/deliveries/{delivery['id']}/redeliver")

    assert response.status_code == 202
    assert (delivery["status"], delivery["nextAttemptAt"]) == ("FAILED", None)
    assert (response.json()["id"], response.json()["status"]) == (delivery["id"], "PENDING")
    assert response.json()["nextAttemptAt"] is not None


@pytest.mark.parametrize("unknown", ["x", "🎷", "%00", "a" * 3000])
def test_an_unknown_delivery_is_404(as_organizer, unknown: str):
    webhook = register(as_organizer)

    response = as_organizer.post(f"{URL}/{webhook['id']}/deliveries/{unknown}/redeliver")

    assert is_problem(response, 404, "not_found")


def test_too_many_changes_are_429(as_organizer, settings):
    settings.RATE_LIMITS = True

    statuses = [as_organizer.delete(f"{URL}/x").status_code for _ in range(121)]

    assert (statuses[0], statuses[-1]) == (404, 429)


@pytest.mark.parametrize("path", ["", "/{id}/deliveries"])
def test_reading_scans_no_collection(organizer: User, as_organizer, as_stranger, path: str):
    webhook = register(as_organizer)
    register(as_stranger)
    for number in range(30):
        happen(organizer, number=number)

    with profiled() as done:
        assert as_organizer.get(f"{URL}{path.format(**webhook)}").status_code == 200

    works = [work for work in done if work.collection in ("realtime_webhook", "realtime_delivery")]
    assert works
    assert {work.plan.split()[0] for work in works} <= {"IXSCAN", "COUNT_SCAN", "IDHACK"}
    assert max(work.documents for work in works) <= 20
