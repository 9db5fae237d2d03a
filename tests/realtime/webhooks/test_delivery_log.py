"""/api/webhooks/{id}/deliveries: the log, who may read it, and redelivering."""

from typing import Any

import pytest

from accounts.models import User
from config.core.clock import now
from journal.models import Entry
from realtime.models import Delivery
from realtime.webhooks import deliveries
from tests.support.bad_input import is_problem
from tests.support.mongodb_profiler import profiled
from tests.support.webhook_owner import URL, register_over_api


def deliver_entry(owner: User, *, number: int = 1, type: str = "booking.created") -> Entry:  # noqa: A002 - the entry's own word
    """Store a journal entry of this organizer and deliver it to their webhooks."""
    data = {"id": f"BK-{number}", "organizerId": owner.pk}
    entry = Entry.objects.create(id=f"{type}:BK-{number}", type=type, subject=f"BK-{number}", at=now(), data=data)
    deliveries.store_deliveries([entry])
    return entry


def log_of(client: Any, webhook: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"{URL}/{webhook['id']}/deliveries{query}")
    assert response.status_code == 200, response.content
    return list(response.json()["results"])


def test_to_a_stranger_webhook_and_log_do_not_exist(organizer: User, as_organizer, as_stranger):
    webhook = register_over_api(as_organizer)
    deliver_entry(organizer)
    (delivery,) = log_of(as_organizer, webhook)
    mine = f"{URL}/{webhook['id']}"

    assert as_stranger.get(URL).json()["results"] == []
    assert is_problem(as_stranger.get(f"{mine}/deliveries"), 404, "not_found")
    assert is_problem(as_stranger.post(f"{mine}/deliveries/{delivery['id']}/redeliver"), 404, "not_found")
    assert is_problem(as_stranger.delete(mine), 404, "not_found")
    assert log_of(as_organizer, webhook) == [delivery]


def test_a_delivery_is_not_found_under_another_webhook(stranger: User, as_organizer, as_stranger):
    them = register_over_api(as_stranger)
    deliver_entry(stranger)
    (theirs,) = log_of(as_stranger, them)
    mine = register_over_api(as_organizer)

    response = as_organizer.post(f"{URL}/{mine['id']}/deliveries/{theirs['id']}/redeliver")

    assert is_problem(response, 404, "not_found")
    assert Delivery.objects.get().round == 0


def test_a_webhook_is_deleted_with_its_log(organizer: User, as_organizer):
    webhook, other = register_over_api(as_organizer), register_over_api(as_organizer)
    deliver_entry(organizer)

    response = as_organizer.delete(f"{URL}/{webhook['id']}")

    assert (response.status_code, response.content) == (204, b"")
    assert is_problem(as_organizer.delete(f"{URL}/{webhook['id']}"), 404, "not_found")
    assert list(Delivery.objects.values_list("webhook", flat=True)) == [other["id"]]


def test_the_log_has_pending_deliveries(organizer: User, as_organizer):
    webhook = register_over_api(as_organizer)
    entry = deliver_entry(organizer)

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
    webhook = register_over_api(as_organizer)
    for number in range(5):
        deliver_entry(organizer, number=number)

    pages = [log_of(as_organizer, webhook, f"?pageSize=2&page={page}") for page in (1, 2, 3)]

    assert [one["id"][-1] for page in pages for one in page] == ["4", "3", "2", "1", "0"]


def test_redelivering_returns_the_pending_delivery(organizer: User, as_organizer):
    webhook = register_over_api(as_organizer)
    deliver_entry(organizer)
    Delivery.objects.update(status="FAILED")
    (delivery,) = log_of(as_organizer, webhook)

    response = as_organizer.post(f"{URL}/{webhook['id']}/deliveries/{delivery['id']}/redeliver")

    assert response.status_code == 202
    assert (delivery["status"], delivery["nextAttemptAt"]) == ("FAILED", None)
    assert (response.json()["id"], response.json()["status"]) == (delivery["id"], "PENDING")
    assert response.json()["nextAttemptAt"] is not None


@pytest.mark.parametrize("unknown", ["x", "🎷", "%00", "a" * 3000])
def test_an_unknown_delivery_is_404(as_organizer, unknown: str):
    webhook = register_over_api(as_organizer)

    response = as_organizer.post(f"{URL}/{webhook['id']}/deliveries/{unknown}/redeliver")

    assert is_problem(response, 404, "not_found")


@pytest.mark.parametrize("path", ["", "/{id}/deliveries"])
def test_reading_uses_indexes(organizer: User, as_organizer, as_stranger, path: str):
    webhook = register_over_api(as_organizer)
    register_over_api(as_stranger)
    for number in range(30):
        deliver_entry(organizer, number=number)

    with profiled() as done:
        assert as_organizer.get(f"{URL}{path.format(**webhook)}").status_code == 200

    works = [work for work in done if work.collection in ("realtime_webhook", "realtime_delivery")]
    assert works
    assert {work.plan.split()[0] for work in works} <= {"IXSCAN", "COUNT_SCAN", "IDHACK"}
    assert max(work.documents for work in works) <= 20
