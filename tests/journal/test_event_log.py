"""The event log: each entry one line, once, whatever dies or is rotated meanwhile."""

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


def kinds(path: Path) -> list[str]:
    return [entry["event"] for entry in entries(path)]


class Killed(BaseException):
    """The process ends here."""


def test_a_booking_is_a_line_as_the_contract_shows_it(path: Path, event: Event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)

    dispatch("eventlog")

    line = path.read_text().splitlines()[-1]
    data = {"id": booking["id"], "eventId": event.id, "customerId": customer.id, "qty": 2}
    assert list(json.loads(line)) == ["event", "timestamp", "data"]
    assert json.loads(line)["event"] == "booking.created"
    assert list(json.loads(line)["data"].items()) == list(data.items())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", json.loads(line)["timestamp"])


def test_what_happened_is_there_in_order(path: Path, event: Event, customer: User):
    booking = factories.make_booking(event, customer)
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    dispatch("eventlog")

    assert kinds(path) == ["event.created", "event.published", "booking.created", "booking.cancelled"]


def test_a_line_break_in_a_title_stays_in_its_line(path: Path, organizer: User):
    factories.make_event(organizer, title="Jazz\nNight \u2028")

    dispatch("eventlog")

    assert path.read_bytes().count(b"\n") == 1


def test_after_a_rotation_it_goes_on_in_a_new_file(path: Path, event: Event, organizer: User):
    dispatch("eventlog")
    path.rename(path.with_name("events.log.jsonl.1"))

    factories.make_event(organizer)
    dispatch("eventlog")

    assert (len(entries(path.with_name("events.log.jsonl.1"))), kinds(path)) == (2, ["event.created"])


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_writer_killed_on_the_way_leaves_each_line_once(path: Path, event: Event, monkeypatch, written: int):
    """The batch is announced and ``written`` of its two lines are in the file; then the process dies."""
    whole = event_log.lines

    def dying(batch):
        yield from list(whole(batch))[:written]
        raise Killed

    monkeypatch.setattr(event_log, "lines", dying)
    with pytest.raises(Killed):
        event_log.write(list(Entry.objects.order_by("at", "id")))
    monkeypatch.setattr(event_log, "lines", whole)

    dispatch("eventlog")

    assert kinds(path) == ["event.created", "event.published"]
    assert Batch.objects.count() == 0


def test_without_the_announcement_lines_are_repeated(path: Path, event: Event, monkeypatch):
    """The negative control: a writer killed before it could mark its entries writes them again."""
    monkeypatch.setattr(event_log, "finish_interrupted", lambda _: None)
    die_after_writing(monkeypatch)

    dispatch("eventlog")

    assert kinds(path) == ["event.created", "event.published"] * 2


def die_after_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write everything that is pending, and die before it is marked."""

    def killed(_) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(event_log, "settle", killed)
        with pytest.raises(Killed):
            event_log.write(list(Entry.objects.order_by("at", "id")))


def test_killed_after_writing_and_rotated_before_the_next_start(path: Path, event: Event, monkeypatch):
    die_after_writing(monkeypatch)
    rotated = path.with_name("events.log.jsonl.1")
    path.rename(rotated)

    dispatch("eventlog")

    assert (kinds(rotated), kinds(path)) == (["event.created", "event.published"], [])


def test_a_torn_line_is_cut_off_and_written_whole(path: Path, event: Event, monkeypatch):
    die_after_writing(monkeypatch)
    os.truncate(path, path.stat().st_size - 7)

    dispatch("eventlog")

    assert kinds(path) == ["event.created", "event.published"]


def test_a_second_writer_with_the_same_entries_writes_none(path: Path, event: Event):
    batch = list(Entry.objects.order_by("at", "id"))

    event_log.write(batch)
    event_log.write(batch)

    assert kinds(path) == ["event.created", "event.published"]


def exported(*arguments: str) -> str:
    out = StringIO()
    call_command("export_event_log", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_export_rebuilds_the_file_to_the_byte(path: Path, event: Event, customer: User):
    factories.make_booking(event, customer)
    dispatch("eventlog")

    assert exported() == path.read_text()


def test_the_export_begins_where_it_is_told_to(path: Path, event: Event, customer: User):
    factories.make_booking(event, customer)
    Entry.documents.update_many({"type": {"$ne": "booking.created"}}, {"$set": {"at": now().replace(year=2020)}})

    lines = exported("--since", "2021-01-01").splitlines()

    assert [json.loads(line)["event"] for line in lines] == ["booking.created"]


def test_the_export_overwrites_no_file(path: Path, event: Event, tmp_path: Path):
    target = tmp_path / "export.jsonl"
    exported("--output", str(target))

    assert len(target.read_text().splitlines()) == 2
    with pytest.raises(FileExistsError):
        exported("--output", str(target))


def test_the_export_refuses_what_is_no_time():
    with pytest.raises(CommandError, match="is no time such as"):
        exported("--since", "yesterday")
