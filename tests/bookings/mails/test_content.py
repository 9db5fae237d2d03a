"""What mails to customers say."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from accounts.models import User
from bookings.cancellation import cancel_booking
from bookings.waitlist import joining
from config.core.clock import now
from events.editing import update_event
from events.models import Event
from tests.support import factories
from tests.support.customer_mails import discard, html_of, send_one
from tests.support.event_jobs import cancel


def test_a_confirmation_has_event_seats_amount_and_number(event, customer: User):
    booking = factories.make_booking(event, customer, qty=2)

    sent = send_one()

    assert (sent.to, sent.subject) == ([customer.email], "Your booking for Jazz Night")
    for part in ("Hello Carl Customer", "Jazz Night", "2 seats, 50.00 EUR", booking["id"], "18:00 (UTC)"):
        assert part in sent.body
    for part in ("Hello Carl Customer", "Jazz Night", "2, 50.00 EUR", booking["id"], "18:00 (UTC)"):
        assert part in html_of(sent)


def test_times_are_in_the_time_zone_of_the_event(berlin: Event, customer: User):
    factories.make_booking(berlin, customer)

    assert "20:00 (Europe/Berlin)" in send_one().body


def test_a_confirmation_has_a_calendar_file(berlin: Event, customer: User):
    booking = factories.make_booking(berlin, customer)

    ((name, content, mime_type),) = send_one().attachments

    (entry,) = Calendar.from_ical(content).events
    assert (name, mime_type) == (f"{berlin.id}.ics", "text/calendar")
    assert (entry.start, str(entry["location"])) == (berlin.starts_at, "Old Town Hall, Berlin")
    assert booking["id"] in str(entry["description"])


@pytest.mark.parametrize("title", ["Jazz\nBcc: all@example.com", "Jazz\r\n\r\nHi", "Ünï 🎷 <b>x</b>"])
def test_a_title_with_line_breaks_adds_no_headers(organizer: User, customer: User, title: str):
    event = factories.make_published_event(organizer, title=title)
    factories.make_booking(event, customer)

    sent = send_one()

    assert (sent.recipients(), sent.subject) == ([customer.email], f"Your booking for {' '.join(title.split())}")
    assert sent.message()


def test_markup_in_a_title_is_escaped_in_html(organizer: User, customer: User):
    event = factories.make_published_event(organizer, title="<script>alert(1)</script> & Co.")
    factories.make_booking(event, customer)

    sent = send_one()

    assert "<script>alert(1)</script> & Co." in sent.body
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co." in html_of(sent)
    assert "<script>" not in html_of(sent)


def test_a_customer_who_cancels_gets_a_mail(event, customer: User):
    booking = factories.make_booking(event, customer)
    discard()
    cancel_booking(booking_id=booking["id"], by=customer.as_actor(), now=now())

    sent = send_one()

    assert sent.subject == "Your booking for Jazz Night is cancelled"
    assert "as you asked" in sent.body
    assert booking["id"] in sent.body


def test_a_cancellation_by_staff_has_their_note(event, customer: User, staff: User):
    booking = factories.make_booking(event, customer)
    discard()
    cancel_booking(booking_id=booking["id"], by=staff.as_actor(), now=now(), note="Paid twice <by card>.")

    sent = send_one()

    assert "cancelled by our staff. They say: Paid twice <by card>." in sent.body
    assert "Paid twice &lt;by card&gt;." in html_of(sent)


def test_a_change_of_the_event_has_old_and_new_values(berlin: Event, customer: User):
    factories.make_booking(berlin, customer)
    discard()
    changes = {"starts_at": berlin.starts_at + timedelta(hours=1), "venue": "Harbour Stage"}
    update_event(event_id=berlin.id, by=berlin.organizer.as_actor(), changes=changes, now=now())

    sent = send_one()

    assert sent.subject == "Jazz Night has changed"
    for part in ("20:00 (Europe/Berlin)", "21:00 (Europe/Berlin)", "was: Old Town Hall", "now: Harbour Stage"):
        assert part in sent.body
    assert "Harbour Stage" in html_of(sent)


def test_a_cancelled_event_is_one_mail_with_the_reason(event: Event, customer: User):
    factories.make_booking(event, customer)
    factories.make_booking(event, customer)
    discard()
    cancel(event, reason="The venue is flooded.")

    sent = send_one()

    assert sent.subject == "Jazz Night is cancelled"
    assert "The organizer says: The venue is flooded." in sent.body


def test_an_offer_has_its_end_and_a_link(event: Event, customer: User, other_customer: User, settings):
    factories.make_booking(event, other_customer, qty=10)
    discard()
    joining.join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=2, now=now())
    update_event(event_id=event.id, by=event.organizer.as_actor(), changes={"total_seats": 12}, now=now())

    sent = send_one()

    assert (sent.to, sent.subject) == ([customer.email], "Seats are free for Jazz Night")
    assert "2 seats are held for you until" in sent.body
    assert f"{settings.PUBLIC_URL}/e/{event.id}" in sent.body
