"""The public page of an event in Chromium: live seats, booking, the waitlist."""

from decimal import Decimal

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from bookings.models import Booking, WaitlistEntry
from config.core.clock import now
from events import editing
from events.models import Event
from tests.support import factories
from tests.support.page_actions import cancel_booking, connection_state, log_in, offline, scroll_width, text_of
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180), pytest.mark.stack_settings(DEBUG="true")]


def visit(stack: Stack, browser: WebDriver, event: Event) -> None:
    browser.get(f"{stack.url}/e/{event.id}")
    eventually(lambda: connection_state(browser) == "live")


def book(browser: WebDriver, qty: int) -> None:
    field = browser.find_element(By.ID, "qty")
    eventually(field.is_displayed)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(str(qty), Keys.ENTER)


def test_anyone_sees_the_seats_change(stack: Stack, browser: WebDriver, event: Event, customer: User, screenshot):
    visit(stack, browser, event)

    stack.book(event, customer, qty=4)

    eventually(lambda: text_of(browser, "seats") == "6 of 10 left", seconds=5)
    screenshot("visitor")


def test_a_customer_logs_in_and_books(stack: Stack, browser: WebDriver, event: Event, customer: User, screenshot):
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 2)

    eventually(lambda: text_of(browser, "message").startswith("Booked: 2 seats for €50.00."))
    made = Booking.objects.real().get()
    assert (made.qty, made.customer_id) == (2, customer.id)
    assert made.id in text_of(browser, "message")
    eventually(lambda: text_of(browser, "seats") == "8 of 10 left")
    screenshot("event")


def test_a_changed_price_must_be_seen_before_booking(
    stack: Stack, browser: WebDriver, event: Event, organizer: User, customer: User
):
    visit(stack, browser, event)
    log_in(browser, customer)
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"price": Decimal(30)}, now=now())

    book(browser, 2)

    eventually(lambda: text_of(browser, "message").startswith("The price has changed: €60.00 in total."))
    assert (text_of(browser, "price"), text_of(browser, "total")) == ("€30.00", "€60.00")
    assert not Booking.objects.real().exists()
    book(browser, 2)
    eventually(lambda: text_of(browser, "message").startswith("Booked: 2 seats for €60.00."))


def test_the_waitlist_is_offered_while_there_are_no_seats(
    stack: Stack, browser: WebDriver, event: Event, organizer: User, customer: User, other_customer: User
):
    stack.book(event, other_customer, qty=10)
    visit(stack, browser, event)
    log_in(browser, customer)
    book(browser, 2)
    eventually(lambda: text_of(browser, "message").startswith("No seats are left."))
    wait = browser.find_element(By.ID, "join-waitlist")
    assert wait.is_displayed()

    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"total_seats": 12}, now=now())

    eventually(lambda: not wait.is_displayed())
    assert text_of(browser, "message") == "There are seats again: press Book."


def test_booking_twice_makes_two_bookings(stack: Stack, browser: WebDriver, event: Event, customer: User):
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 1)
    eventually(lambda: text_of(browser, "seats") == "9 of 10 left")
    book(browser, 1)

    eventually(lambda: text_of(browser, "seats") == "8 of 10 left")


def test_too_many_seats_are_refused_and_the_waitlist_offered(
    stack: Stack, browser: WebDriver, event: Event, customer: User, other_customer: User, screenshot
):
    stack.book(event, other_customer, qty=8)
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 5)
    eventually(
        lambda: text_of(browser, "message").startswith("Only 2 seats are left. Book fewer, or join the waitlist")
    )
    screenshot("sold-out")
    browser.find_element(By.ID, "join-waitlist").click()

    eventually(lambda: text_of(browser, "waitlist-text").startswith("You are number 1 on the waitlist for 5 seats."))
    assert WaitlistEntry.objects.get().qty == 5


def test_a_waiting_customer_accepts_an_offer(
    stack: Stack, browser: WebDriver, event: Event, customer: User, other_customer: User, screenshot
):
    full = stack.book(event, other_customer, qty=10)
    visit(stack, browser, event)
    log_in(browser, customer)
    wait = browser.find_element(By.ID, "join-waitlist")
    eventually(wait.is_displayed)
    wait.click()
    eventually(lambda: text_of(browser, "waitlist-text").startswith("You are number 1"))

    cancel_booking(stack, other_customer, full["id"])
    eventually(lambda: text_of(browser, "waitlist-text").startswith("1 seat is held for you until"))
    screenshot("offer")
    browser.find_element(By.ID, "accept").click()

    eventually(lambda: text_of(browser, "message").startswith("Booked: 1 seat for €25.00."))
    assert WaitlistEntry.objects.get().status == WaitlistEntry.Status.CONVERTED
    assert not browser.find_element(By.ID, "waitlist").is_displayed()
    assert browser.switch_to.active_element.get_attribute("id") == "message"


def test_a_lost_response_does_not_lead_to_a_second_booking(
    stack: Stack, browser: WebDriver, event: Event, customer: User
):
    visit(stack, browser, event)
    log_in(browser, customer)
    eventually(browser.find_element(By.ID, "qty").is_displayed)
    browser.execute_script("""
        const real = window.fetch;
        window.fetch = async (...request) => {
            const response = await real(...request);
            if (request[0] !== "/api/bookings") return response;
            window.fetch = real;
            throw new TypeError("cut off");
        };
    """)

    book(browser, 3)

    eventually(lambda: text_of(browser, "message").startswith("Booked: 3 seats"))
    assert Booking.objects.real().count() == 1


def test_seats_are_correct_again_after_being_offline(stack: Stack, browser: WebDriver, event: Event, customer: User):
    visit(stack, browser, event)

    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        stack.book(event, customer, qty=6)

    eventually(lambda: (connection_state(browser), text_of(browser, "seats")) == ("live", "4 of 10 left"))


def test_an_organizer_cannot_log_in_to_book(stack: Stack, browser: WebDriver, event: Event, organizer: User):
    visit(stack, browser, event)

    log_in(browser, organizer)

    eventually(lambda: "customer's account" in text_of(browser, "login-problem"))


def test_cancelling_the_event_closes_the_sale(stack: Stack, browser: WebDriver, event: Event):
    visit(stack, browser, event)

    Event.objects.filter(pk=event.pk).update(status=Event.Status.CANCELLED)

    eventually(lambda: text_of(browser, "closed") == "This event was cancelled.")
    assert not browser.find_element(By.ID, "sale").is_displayed()


def test_hiding_the_event_closes_the_sale_until_it_is_restored(stack: Stack, browser: WebDriver, event: Event):
    visit(stack, browser, event)

    Event.objects.filter(pk=event.pk).update(hidden=True)
    eventually(lambda: text_of(browser, "closed") == "This event is not on sale any more.")
    assert text_of(browser, "seats") == "10 of 10 left"
    Event.objects.filter(pk=event.pk).update(hidden=False)

    eventually(browser.find_element(By.ID, "sale").is_displayed)
    assert not browser.find_element(By.ID, "closed").is_displayed()


def test_a_reconnect_to_a_hidden_event_closes_the_sale(stack: Stack, browser: WebDriver, event: Event):
    visit(stack, browser, event)

    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        Event.objects.filter(pk=event.pk).update(hidden=True)

    eventually(lambda: (connection_state(browser), text_of(browser, "connection")) == ("off", "Not connected"))
    assert text_of(browser, "closed") == "This event is not on sale any more."


def test_the_page_fits_a_phone(stack: Stack, browser: WebDriver, organizer: User):
    event = factories.make_published_event(organizer, title="W" * 200, description="word " * 300)
    visit(stack, browser, event)

    assert scroll_width(browser, 420) <= 420


def test_a_draft_shows_that_there_is_no_such_event(stack: Stack, browser: WebDriver, draft: Event, screenshot):
    browser.get(f"{stack.url}/e/{draft.id}")

    assert text_of(browser, "main").startswith("There is no such event")
    screenshot("missing")
