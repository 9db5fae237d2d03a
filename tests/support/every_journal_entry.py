"""Entries of every type, appended by the services."""

from datetime import timedelta

from accounts import blocking, passwords, reset_tokens
from accounts import registration as accounts
from accounts.models import User
from bookings.bulk import jobs
from bookings.cancellation import cancel_booking
from bookings.models import Booking
from bookings.resend_confirmation import resend_confirmation
from bookings.waitlist import joining, leaving, offers
from config.core.clock import now
from events import editing, lifecycle
from events.models import Event
from events.moderation import appeals
from journal.dispatch import dispatch
from tests.support import factories
from tests.support.moderation import decide, hide, report

LATER = timedelta(days=2)


def append_every_type(organizer: User, customer: User, other: User, staff: User) -> None:
    change_accounts(customer, staff)
    change_events(organizer, customer, staff)
    change_bookings(organizer, customer, staff)
    change_waitlist(organizer, customer, other)


def change_accounts(customer: User, staff: User) -> None:
    accounts.create_admin(name="Ada Admin", email="ada@example.com", password=factories.PASSWORD, now=now())
    blocking.block(user_id=customer.id, now=now(), by=staff.id, reason="Fraud")
    blocking.unblock(user_id=customer.id, now=now(), by=staff.id)
    nora = accounts.register(
        name="Nora New", email="nora@example.com", password=factories.PASSWORD, role="CUSTOMER", now=now()
    )
    passwords.change_password(user_id=nora.id, current=factories.PASSWORD, new="Another-pass-1", now=now())
    passwords.record_reset(passwords.ResetRequest(email=nora.email, at=now(), request_id=""))
    nora.refresh_from_db()
    passwords.reset_password(token=reset_tokens.make_token(nora), new="A-third-pass-1", now=now())


def change_events(organizer: User, customer: User, staff: User) -> None:
    lifecycle.delete_event(event_id=factories.make_event(organizer).id, by=organizer.as_actor(), now=now())
    event = factories.make_published_event(organizer)
    report(event, customer)
    for name in ("approve", "feature", "unfeature"):
        decide(name, event, staff)
    decide("note", event, staff, text="Look again in May.")
    hide(event, staff)
    appeals.appeal(event_id=event.id, by=organizer.as_actor(), text="There is.", now=now())
    decide("restore", event, staff)
    decide("cancel", event, staff, reason="FRAUD", text="")


def change_bookings(organizer: User, customer: User, staff: User) -> None:
    event = factories.make_published_event(organizer)
    first, _ = (factories.make_booking(event, customer) for _ in range(2))
    resend_confirmation(booking_id=first["id"], by=staff.as_actor(), now=now(), note="They lost it.")
    cancel_booking(booking_id=first["id"], by=staff.as_actor(), now=now(), note="They asked for it.")
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"title": "Blues Night"}, now=now())
    lifecycle.cancel_event(event_id=event.id, by=organizer.as_actor(), now=now(), reason="Rain")
    dispatch("jobs")
    while jobs.run_jobs():
        pass


def change_waitlist(organizer: User, customer: User, other: User) -> None:
    """One waitlist entry is left, one accepts its offer, one lets it expire."""
    event = factories.make_published_event(organizer, total_seats=1)
    factories.make_booking(event, customer)
    join(event, customer)
    leaving.leave_waitlist(event_id=event.id, customer=customer.as_actor(), now=now())
    join(event, customer)
    join(event, other)
    cancel_last(event)
    offers.accept_offer(event_id=event.id, customer=customer.as_actor(), now=now())
    cancel_last(event)
    list(offers.expire_offers(now=now() + LATER))


def join(event: Event, customer: User) -> None:
    joining.join_waitlist(event_id=event.id, customer=customer.as_actor(), qty=1, now=now())


def cancel_last(event: Event) -> None:
    booking = Booking.objects.confirmed().get(event=event.pk)
    cancel_booking(booking_id=booking.id, by=booking.customer.as_actor(), now=now())
