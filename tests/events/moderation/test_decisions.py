"""What each decision does to the API, the public list, bookings and the journal; and who is told that it came late."""

from typing import Any

import pytest

from accounts.models import User
from bookings.waitlist.joining import join_waitlist
from config.core.clock import now
from config.core.errors import Forbidden, Invalid, NotFound, PreconditionFailed
from events import versioned_change
from events.models import Event
from events.moderation import decisions
from events.moderation.cancellation_preview import preview_cancellation
from events.moderation.decisions import ReviewedVersion
from journal.models import Entry
from tests.conftest import client_of
from tests.events.moderation.conftest import decide, hide, queue_of, report, review
from tests.events.test_changes_at_once import at_once
from tests.support import factories
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import assert_seats_add_up

WHY = {"reason": "MISLEADING", "text": "There is no such band."}
SENTENCE = "Misleading or false information: There is no such band."


def listed(client: Any) -> list[str]:
    return [event["id"] for event in client.get("/api/events").json()["results"]]


def entry_of(type_: str) -> Entry:
    return Entry.objects.get(type=type_)


def test_approving_keeps_what_the_event_says(event: Event, staff: User):
    after = decide("approve", event, staff)

    assert (after.queue, after.queued_at, after.approved_by) == ([], None, staff.id)
    assert (after.approved["title"], after.approved["price"], after.approved["total_seats"]) == (
        "Jazz Night",
        "25.00",
        10,
    )
    assert after.approved_at is not None


def test_words_that_look_like_the_databases_are_words(organizer: User, staff: User):
    event = factories.make_published_event(organizer, title="$title", description="$$ROOT", tags=["$a", "b.c"])

    after = decide("approve", event, staff)

    assert (after.approved["title"], after.approved["description"], after.approved["tags"]) == (
        "$title", "$$ROOT", ["$a", "b.c"],
    )  # fmt: skip


def test_approving_twice_says_so(approved: Event, staff: User):
    with pytest.raises(decisions.AlreadyApproved):
        decide("approve", approved, staff)


def test_a_hidden_event_is_not_approved_by_the_way(hidden: Event, staff: User):
    with pytest.raises(decisions.StillHidden):
        decide("approve", hidden, staff)


def test_hiding_takes_it_off_the_list_at_once(event: Event, staff: User, anonymous):
    assert listed(anonymous) == [event.id]

    hide(event, staff)

    assert listed(anonymous) == []
    assert is_problem(anonymous.get(f"/api/events/{event.id}"), 404)


def test_a_hidden_event_cannot_be_booked(hidden: Event, as_customer):
    assert is_problem(as_customer.post("/api/bookings", {"eventId": hidden.id, "qty": 1}), 404)
    assert is_problem(as_customer.post("/api/waitlist", {"eventId": hidden.id, "qty": 1}), 404)


def test_its_tickets_stay_valid(event: Event, staff: User, customer: User, as_customer):
    booking = factories.make_booking(event, customer, qty=2)

    hide(event, staff)

    assert as_customer.get(f"/api/bookings/{booking['id']}").json()["status"] == "CONFIRMED"
    assert_seats_add_up(event, sold=2)


def test_its_owner_sees_that_and_why(event: Event, staff: User, as_organizer):
    hide(event, staff)

    body = as_organizer.get(f"/api/events/{event.id}").json()
    assert (body["hidden"], body["hiddenReason"]) == (True, SENTENCE)


def test_another_reason_is_told_in_the_moderators_words(event: Event, staff: User):
    assert (
        hide(event, staff, reason="OTHER", text="The hall has no licence.").hidden_reason == "The hall has no licence."
    )


@pytest.mark.parametrize(
    ("words", "field"),
    [({"reason": ""}, "reason"), ({"reason": "x"}, "reason"), ({"reason": "OTHER", "text": ""}, "text"),
     ({"reason": "FRAUD", "text": "x" * 401}, "text")],
)  # fmt: skip
@pytest.mark.parametrize("name", ["hide", "cancel"])
def test_nothing_is_taken_away_without_a_reason(
    event: Event, staff: User, name: str, words: dict[str, str], field: str
):
    with pytest.raises(Invalid) as refused:
        decide(name, event, staff, **words)

    assert refused.value.errors[0]["field"] == field
    assert factories.reload(event).version == event.version


def test_hiding_what_is_hidden_says_so(hidden: Event, staff: User):
    with pytest.raises(decisions.AlreadyHidden):
        hide(hidden, staff)


def test_a_hidden_event_that_waits_again_can_be_kept_hidden(hidden: Event, staff: User, as_organizer):
    as_organizer.post(f"/api/events/{hidden.id}/appeal", {"text": "There is."})

    after = hide(hidden, staff, reason="FRAUD", text="")

    assert (after.hidden, after.hidden_reason, after.queue, after.appeal) == (True, "Suspected fraud", [], "")


def test_restoring_brings_it_back(hidden: Event, staff: User, anonymous, as_customer):
    assert listed(anonymous) == []

    decide("restore", hidden, staff)

    assert listed(anonymous) == [hidden.id]
    assert as_customer.post("/api/bookings", {"eventId": hidden.id, "qty": 1}).status_code == 201
    after = factories.reload(hidden)
    assert (after.hidden_reason, after.approved["title"], after.queue) == ("", "Jazz Night", [])


def test_restoring_serves_those_who_wait_first(organizer: User, staff: User, customer: User, other_customer: User):
    event = factories.make_published_event(organizer, total_seats=2)
    booking = factories.make_booking(event, customer, qty=2)
    join_waitlist(event_id=event.id, customer=other_customer.as_actor(), qty=1, now=now())
    hide(event, staff)
    client_of(customer).delete(f"/api/bookings/{booking['id']}")

    decide("restore", event, staff)

    after = factories.reload(event)
    assert (after.held_seats, after.available_seats) == (1, 1)


def test_only_what_is_hidden_is_restored(event: Event, staff: User):
    with pytest.raises(decisions.NotHidden):
        decide("restore", event, staff)


def test_cancelling_as_staff_says_why(event: Event, staff: User, as_customer):
    after = decide("cancel", event, staff, **WHY)

    assert (after.status, after.cancel_reason, after.queue) == ("CANCELLED", SENTENCE, [])
    assert is_problem(as_customer.post("/api/bookings", {"eventId": event.id, "qty": 1}), 409, "event_cancelled")


def test_the_preview_of_a_cancellation_counts_what_would_end(event: Event, customer: User, other_customer: User):
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, customer, qty=3)
    factories.make_booking(event, other_customer, qty=5)

    preview = preview_cancellation(factories.reload(event))

    assert {**preview, "money": str(preview["money"])} == {
        "bookings": 3, "customers": 2, "seats": 10, "money": "250.00", "waiting": 0,
    }  # fmt: skip


def test_the_preview_of_an_event_without_bookings_is_zero(event: Event):
    assert set(preview_cancellation(event).values()) == {0}


def test_featuring_and_back_leaves_the_queue_as_it_is(event: Event, staff: User):
    assert decide("feature", event, staff).featured is True
    with pytest.raises(decisions.AlreadyFeatured):
        decide("feature", event, staff)
    assert decide("unfeature", event, staff).featured is False
    with pytest.raises(decisions.NotFeatured):
        decide("unfeature", event, staff)
    assert queue_of(event) == ["new"]


def test_a_featured_event_says_so_and_is_found_by_it(event: Event, organizer: User, staff: User, anonymous):
    factories.make_published_event(organizer)
    before = anonymous.get("/api/events?featured=true").json()["count"]

    decide("feature", event, staff)

    found = anonymous.get("/api/events?featured=true").json()["results"]
    assert (before, [(one["id"], one["featured"]) for one in found]) == (0, [(event.id, True)])
    assert anonymous.get("/api/events?featured=false").json()["count"] == 2


def test_what_is_not_listed_is_not_featured(hidden: Event, draft: Event, staff: User):
    for event in (hidden, draft):
        with pytest.raises(decisions.NotListed):
            decide("feature", event, staff)


def test_notes_are_kept_for_staff_alone(event: Event, staff: User, as_organizer):
    decide("note", event, staff, text="Asked the venue.")
    after = decide("note", event, staff, text="They know of it.")

    assert [(note["by"], note["text"]) for note in after.notes_to_self] == [
        (staff.id, "Asked the venue."),
        (staff.id, "They know of it."),
    ]
    assert "Asked the venue" not in as_organizer.get(f"/api/events/{event.id}").content.decode()
    assert queue_of(event) == ["new"]


@pytest.mark.parametrize("name", ["approve", "hide"])
def test_drafts_are_their_organizers_own(draft: Event, staff: User, name: str):
    with pytest.raises(decisions.NeverPublished):
        decide(name, draft, staff, **(WHY if name == "hide" else {}))


@pytest.mark.parametrize(
    ("name", "words"),
    [("approve", {}), ("hide", WHY), ("restore", {}), ("cancel", WHY), ("feature", {}), ("unfeature", {}),
     ("note", {"text": "x"})],
)  # fmt: skip
def test_organizers_decide_nothing_about_their_own(
    event: Event, organizer: User, stranger: User, staff: User, name: str, words: dict[str, str]
):
    for nobody in (organizer, stranger):
        with pytest.raises(Forbidden):
            decide(name, event, nobody, **words)
    assert factories.reload(event).version == event.version


def test_an_event_that_is_not_there(staff: User):
    with pytest.raises(NotFound):
        decisions.approve_event(event_id="EVT-00000000", by=staff.as_actor(), now=now(), reviewed=ReviewedVersion(1, 0))


@pytest.mark.parametrize(
    ("name", "words"), [("approve", {}), ("hide", WHY), ("cancel", WHY), ("feature", {}), ("note", {"text": "x"})]
)
def test_of_two_moderators_the_second_is_told(event: Event, staff: User, name: str, words: dict[str, str]):
    reviewed = review(event)
    decide("note", event, staff, text="I was first.")

    with pytest.raises(PreconditionFailed):
        getattr(decisions, f"{name}_event")(
            event_id=event.id, by=staff.as_actor(), now=now(), reviewed=reviewed, **words
        )

    assert Entry.objects.filter(subject=event.id).order_by("-at").first().type == "event.noted"


def test_of_many_moderators_at_once_one_decides(event: Event, staff: User):
    reviewed = review(event)

    def approve() -> str:
        try:
            decisions.approve_event(event_id=event.id, by=staff.as_actor(), now=now(), reviewed=reviewed)
        except PreconditionFailed:
            return "told"
        return "approved"

    assert sorted(at_once([approve] * 6)) == ["approved"] + ["told"] * 5
    assert Entry.objects.filter(type="event.approved").count() == 1


def test_a_moderator_does_not_approve_what_the_organizer_changed_meanwhile(event: Event, staff: User, as_organizer):
    reviewed = review(event)
    as_organizer.patch(f"/api/events/{event.id}", {"title": "Something else"})

    with pytest.raises(PreconditionFailed):
        decisions.approve_event(event_id=event.id, by=staff.as_actor(), now=now(), reviewed=reviewed)

    assert (factories.reload(event).approved, queue_of(event)) == (None, ["new"])


def test_an_organizer_is_told_that_staff_changed_it_meanwhile(event: Event, staff: User, as_organizer):
    etag = as_organizer.get(f"/api/events/{event.id}")["ETag"]
    hide(event, staff)

    change = as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"}, HTTP_IF_MATCH=etag)

    assert is_problem(change, 412)
    assert (factories.reload(event).title, factories.reload(event).hidden) == ("Jazz Night", True)


def test_a_report_that_the_moderator_has_not_read_keeps_it_in_the_queue(event: Event, staff: User, customer: User):
    reviewed = review(event)
    report(event, customer)

    decisions.approve_event(event_id=event.id, by=staff.as_actor(), now=now(), reviewed=reviewed)

    after = factories.reload(event)
    assert (after.queue, after.approved_by) == (["reported"], staff.id)
    assert after.queued_at is not None


def test_the_journal_says_who_why_and_what(event: Event, staff: User):
    hide(event, staff)

    entry = entry_of("event.hidden")
    assert (entry.subject, entry.actor) == (event.id, staff.id)
    assert {name: entry.data[name] for name in ("reason", "reasonCode", "text", "before", "after", "byStaff")} == {
        "reason": SENTENCE,
        "reasonCode": "MISLEADING",
        "text": "There is no such band.",
        "before": {"hidden": False, "hidden_reason": "", "queue": ["new"], "appeal": ""},
        "after": {"hidden": True, "hidden_reason": SENTENCE, "queue": [], "appeal": ""},
        "byStaff": True,
    }


def test_every_decision_is_in_the_journal(event: Event, staff: User):
    decide("approve", event, staff, text="Fine.")
    decide("feature", event, staff)
    decide("unfeature", event, staff)
    decide("note", event, staff, text="Look again in May.")
    hide(event, staff)
    decide("restore", event, staff)
    decide("cancel", event, staff, **WHY)

    entries = Entry.objects.filter(subject=event.id, actor=staff.id).order_by("at", "id")
    assert [(entry.type, entry.data["text"]) for entry in entries] == [
        ("event.approved", "Fine."),
        ("event.featured", ""),
        ("event.unfeatured", ""),
        ("event.noted", "Look again in May."),
        ("event.hidden", "There is no such band."),
        ("event.restored", ""),
        ("event.cancelled", "There is no such band."),
    ]
    assert entries.last().data["after"] == {"status": "CANCELLED", "queue": []}


def test_a_decision_whose_entry_cannot_be_written_did_not_happen(event: Event, staff: User, monkeypatch):
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(versioned_change, "append", fails)

    with pytest.raises(RuntimeError):
        hide(event, staff)

    assert factories.reload(event).hidden is False
