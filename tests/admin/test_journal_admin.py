"""The journal in the admin: filters, and deliveries that fail."""

import pytest
from django.test import Client

from config.core.clock import now
from events.models import Event
from journal.models import Entry

LIST = "/admin/journal/entry/"


@pytest.fixture
def entries() -> None:
    failures = {"mail": {"attempts": 3, "error": "OSError: <no route>", "retry_at": "2027"}}
    make = Entry.objects.create
    make(id="stuck", type="booking.created", at=now(), subject="BK-1", pending=["mail"], failures=failures)
    make(id="waiting", type="booking.created", at=now(), subject="BK-2", pending=["mail"])
    make(id="done", type="event.created", at=now(), subject="EVT-1", pending=[], delivered={"log": "2027"})


def found(browser: Client, query: str) -> set[str]:
    return {entry.pk for entry in browser.get(f"{LIST}?{query}").context["cl"].queryset}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("delivery=stuck", {"stuck"}),
        ("delivery=waiting", {"stuck", "waiting"}),
        ("delivery=done", {"done"}),
        ("type=event.created", {"done"}),
        ("type=nothing", set()),
        ("q=bk-2", {"waiting"}),
        ("", {"stuck", "waiting", "done"}),
    ],
)
def test_filters_and_search_find_the_matching_entries(entries: None, moderator: Client, query: str, ids: set[str]):
    assert found(moderator, query) == ids


def test_a_stuck_entry_shows_its_attempts_and_error(entries: None, moderator: Client):
    page = moderator.get(f"{LIST}?delivery=stuck").content.decode()

    assert "mail: 3 times, OSError: &lt;no route&gt;" in page


def test_the_type_filter_offers_the_existing_types(event: Event, moderator: Client):
    page = moderator.get(LIST)

    (types,) = [spec for spec in page.context["cl"].filter_specs if spec.title == "type"]
    assert [name for name, _ in types.lookup_choices] == ["event.created", "event.published"]
