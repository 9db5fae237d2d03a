"""The event log: one line for each entry, once, whatever dies or is rotated meanwhile."""

import json
import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bookings.cancellation import cancel_booking
from config.core.clock import now
from events.models import Event
from journal import event_log
from journal.dispatch import dispatch
from journal.models import Batch, Entry
from tests.support import factories


@pytest.fixture
def path(tmp_path: Path, settings) -> Path:
    settings.EVENT_LOG = tmp_path / "logs" / "events.log.jsonl"
    return settings.EVENT_LOG


def entries(path: Path) -> list[dict]:  # type: ignore[type-arg]  # lines of JSON
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def event_types(path: Path) -> list[str]:
    return [entry["event"] for entry in entries(path)]


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_booking_is_a_line_in_the_format_of_the_contract(path: Path, event: Event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)

    dispatch("eventlog")

    line = path.read_text().splitlines()[-1]
    data = {"id": booking["id"], "eventId": event.id, "customerId": customer.id, "qty": 2}
    assert list(json.loads(line)) == ["event", "timestamp", "data"]
    assert json.loads(line)["event"] == "booking.created"
    assert list(json.loads(line)["data"].items()) == list(data.items())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", json.loads(line)["timestamp"])


def test_lines_have_the_order_of_the_entries(path: Path, event: Event, customer: User):
    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    dispatch("eventlog")

    assert event_types(path) == ["event.created", "event.published", "booking.created", "booking.cancelled"]


def test_a_line_break_in_a_title_makes_no_second_line(path: Path, organizer: User):
    factories.make_event(organizer, title="Jazz\nNight \u2028")

    dispatch("eventlog")

    assert path.read_bytes().count(b"\n") == 1


def test_after_a_rotation_new_lines_go_to_a_new_file(path: Path, event: Event, organizer: User):
    dispatch("eventlog")
    path.rename(path.with_name("events.log.jsonl.1"))

    factories.make_event(organizer)
    dispatch("eventlog")

    assert (len(entries(path.with_name("events.log.jsonl.1"))), event_types(path)) == (2, ["event.created"])


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_killed_writer_leaves_each_line_once(path: Path, event: Event, monkeypatch, written: int):
    """The batch is announced and ``written`` of its two lines are in the file; then the process dies."""
    whole = event_log.lines_of

    def dying(batch):
        yield from list(whole(batch))[:written]
        raise Killed

    monkeypatch.setattr(event_log, "lines_of", dying)
    with pytest.raises(Killed):
        event_log.write_entries(list(Entry.objects.order_by("at", "id")))
    monkeypatch.setattr(event_log, "lines_of", whole)

    dispatch("eventlog")

    assert event_types(path) == ["event.created", "event.published"]
    assert Batch.objects.count() == 0


def test_without_the_announcement_a_killed_writer_repeats_lines(path: Path, event: Event, monkeypatch):
    """The negative control: a writer killed before it could mark its entries writes them again."""
    monkeypatch.setattr(event_log, "finish_interrupted_batch", lambda _: None)
    die_before_marking(monkeypatch)

    dispatch("eventlog")

    assert event_types(path) == ["event.created", "event.published"] * 2


def die_before_marking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write all pending entries, and die before they are marked."""

    def killed(_) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(event_log, "mark_written", killed)
        with pytest.raises(Killed):
            event_log.write_entries(list(Entry.objects.order_by("at", "id")))


def test_lines_of_a_killed_writer_are_found_in_the_rotated_file(path: Path, event: Event, monkeypatch):
    die_before_marking(monkeypatch)
    rotated = path.with_name("events.log.jsonl.1")
    path.rename(rotated)

    dispatch("eventlog")

    assert (event_types(rotated), event_types(path)) == (["event.created", "event.published"], [])


def test_a_torn_line_is_cut_off_and_written_again(path: Path, event: Event, monkeypatch):
    die_before_marking(monkeypatch)
    os.truncate(path, path.stat().st_size - 7)

    dispatch("eventlog")

    assert event_types(path) == ["event.created", "event.published"]


def test_a_second_writer_with_the_same_entries_writes_none(path: Path, event: Event):
    batch = list(Entry.objects.order_by("at", "id"))

    event_log.write_entries(batch)
    event_log.write_entries(batch)

    assert event_types(path) == ["event.created", "event.published"]


def exported(*arguments: str) -> str:
    out = StringIO()
    call_command("export_event_log", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_export_equals_the_file(path: Path, event: Event, customer: User):
    factories.make_booking(event, customer)
    dispatch("eventlog")

    assert exported() == path.read_text()


def test_the_export_begins_at_since(path: Path, event: Event, customer: User):
    factories.make_booking(event, customer)
    Entry.documents.update_many({"type": {"$ne": "booking.created"}}, {"$set": {"at": now().replace(year=2020)}})

    lines = exported("--since", "2021-01-01").splitlines()

    assert [json.loads(line)["event"] for line in lines] == ["booking.created"]


def test_the_export_does_not_overwrite_a_file(path: Path, event: Event, tmp_path: Path):
    target = tmp_path / "export.jsonl"
    exported("--output", str(target))

    assert len(target.read_text().splitlines()) == 2
    with pytest.raises(FileExistsError):
        exported("--output", str(target))


def test_the_export_refuses_an_invalid_time():
    with pytest.raises(CommandError, match="is no time such as"):
        exported("--since", "yesterday")
