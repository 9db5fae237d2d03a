"""The public page of an event in Chromium: seats move, a customer books."""

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
from tests.support.page_actions import cancel, log_in, offline, scroll_width, state, text
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


def visit(stack: Stack, browser: WebDriver, event: Event) -> None:
    browser.get(f"{stack.url}/e/{event.id}")
    eventually(lambda: state(browser) == "live")


def book(browser: WebDriver, qty: int) -> None:
    field = browser.find_element(By.ID, "qty")
    eventually(field.is_displayed)
    field.send_keys(Keys.CONTROL, "a")
    field.send_keys(str(qty), Keys.ENTER)


def test_seats_move_while_anyone_looks(stack: Stack, browser: WebDriver, event: Event, customer: User, picture):
    visit(stack, browser, event)

    stack.book(event, customer, qty=4)

    eventually(lambda: text(browser, "seats") == "6 of 10 left", seconds=5)
    picture("visitor")


def test_a_customer_logs_in_and_books(stack: Stack, browser: WebDriver, event: Event, customer: User, picture):
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 2)

    eventually(lambda: text(browser, "answer").startswith("Booked: 2 seats for €50.00."))
    made = Booking.objects.real().get()
    assert (made.qty, made.customer_id) == (2, customer.id)
    assert made.id in text(browser, "answer")
    eventually(lambda: text(browser, "seats") == "8 of 10 left")
    picture("event")


def test_nobody_pays_another_price_than_the_one_they_saw(
    stack: Stack, browser: WebDriver, event: Event, organizer: User, customer: User
):
    visit(stack, browser, event)
    log_in(browser, customer)
    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"price": Decimal(30)}, now=now())

    book(browser, 2)

    eventually(lambda: text(browser, "answer").startswith("The price has changed: €60.00 together."))
    assert (text(browser, "price"), text(browser, "total")) == ("€30.00", "€60.00")
    assert not Booking.objects.real().exists()
    book(browser, 2)
    eventually(lambda: text(browser, "answer").startswith("Booked: 2 seats for €60.00."))


def test_the_waitlist_is_offered_as_long_as_there_are_no_seats(
    stack: Stack, browser: WebDriver, event: Event, organizer: User, customer: User, other_customer: User
):
    stack.book(event, other_customer, qty=10)
    visit(stack, browser, event)
    log_in(browser, customer)
    book(browser, 2)
    eventually(lambda: text(browser, "answer").startswith("No seats are left."))
    wait = browser.find_element(By.ID, "wait")
    assert wait.is_displayed()

    editing.update_event(event_id=event.id, by=organizer.as_actor(), changes={"total_seats": 12}, now=now())

    eventually(lambda: not wait.is_displayed())
    assert text(browser, "answer") == "There are seats again: press Book."


def test_each_press_is_a_booking_of_its_own(stack: Stack, browser: WebDriver, event: Event, customer: User):
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 1)
    eventually(lambda: text(browser, "seats") == "9 of 10 left")
    book(browser, 1)

    eventually(lambda: text(browser, "seats") == "8 of 10 left")


def test_too_many_are_refused_in_words_with_the_waitlist_at_hand(
    stack: Stack, browser: WebDriver, event: Event, customer: User, other_customer: User, picture
):
    stack.book(event, other_customer, qty=8)
    visit(stack, browser, event)
    log_in(browser, customer)

    book(browser, 5)
    eventually(lambda: text(browser, "answer").startswith("Only 2 seats are left. Book fewer, or join the waitlist"))
    picture("sold-out")
    browser.find_element(By.ID, "wait").click()

    eventually(lambda: text(browser, "place-text").startswith("You are number 1 in line for 5 seats."))
    assert WaitlistEntry.objects.get().qty == 5


def test_who_waits_takes_the_seats_that_come_back(
    stack: Stack, browser: WebDriver, event: Event, customer: User, other_customer: User, picture
):
    full = stack.book(event, other_customer, qty=10)
    visit(stack, browser, event)
    log_in(browser, customer)
    wait = browser.find_element(By.ID, "wait")
    eventually(wait.is_displayed)
    wait.click()
    eventually(lambda: text(browser, "place-text").startswith("You are number 1"))

    cancel(stack, other_customer, full["id"])
    eventually(lambda: text(browser, "place-text").startswith("1 seat is held for you until"))
    picture("offer")
    browser.find_element(By.ID, "accept").click()

    eventually(lambda: text(browser, "answer").startswith("Booked: 1 seat for €25.00."))
    assert WaitlistEntry.objects.get().status == WaitlistEntry.Status.CONVERTED
    assert not browser.find_element(By.ID, "place").is_displayed()
    assert browser.switch_to.active_element.get_attribute("id") == "answer"


def test_an_attempt_whose_answer_was_lost_is_not_booked_twice(
    stack: Stack, browser: WebDriver, event: Event, customer: User
):
    visit(stack, browser, event)
    log_in(browser, customer)
    eventually(browser.find_element(By.ID, "qty").is_displayed)
    browser.execute_script("""
        const real = window.fetch;
        window.fetch = async (...request) => {
            const answer = await real(...request);
            if (request[0] !== "/api/bookings") return answer;
            window.fetch = real;
            throw new TypeError("cut off");
        };
    """)

    book(browser, 3)

    eventually(lambda: text(browser, "answer").startswith("Booked: 3 seats"))
    assert Booking.objects.real().count() == 1


def test_seats_are_right_again_after_being_offline(stack: Stack, browser: WebDriver, event: Event, customer: User):
    visit(stack, browser, event)

    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        stack.book(event, customer, qty=6)

    eventually(lambda: (state(browser), text(browser, "seats")) == ("live", "4 of 10 left"))


def test_an_organizer_cannot_book(stack: Stack, browser: WebDriver, event: Event, organizer: User):
    visit(stack, browser, event)

    log_in(browser, organizer)

    eventually(lambda: "customer's account" in text(browser, "login-problem"))


def test_an_event_that_is_cancelled_meanwhile_closes_the_sale(stack: Stack, browser: WebDriver, event: Event):
    visit(stack, browser, event)

    Event.objects.filter(pk=event.pk).update(status=Event.Status.CANCELLED)

    eventually(lambda: text(browser, "closed") == "This event was cancelled.")
    assert not browser.find_element(By.ID, "sale").is_displayed()


def test_an_event_that_is_hidden_for_a_while_goes_off_sale_and_comes_back(
    stack: Stack, browser: WebDriver, event: Event
):
    visit(stack, browser, event)

    Event.objects.filter(pk=event.pk).update(hidden=True)
    eventually(lambda: text(browser, "closed") == "This event is not on sale any more.")
    assert text(browser, "seats") == "10 of 10 left"
    Event.objects.filter(pk=event.pk).update(hidden=False)

    eventually(browser.find_element(By.ID, "sale").is_displayed)
    assert not browser.find_element(By.ID, "closed").is_displayed()


def test_who_comes_back_to_an_event_that_was_hidden_is_told_so(stack: Stack, browser: WebDriver, event: Event):
    visit(stack, browser, event)

    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        Event.objects.filter(pk=event.pk).update(hidden=True)

    eventually(lambda: (state(browser), text(browser, "connection")) == ("off", "Not connected"))
    assert text(browser, "closed") == "This event is not on sale any more."


def test_the_page_fits_a_phone(stack: Stack, browser: WebDriver, organizer: User):
    event = factories.make_published_event(organizer, title="W" * 200, description="word " * 300)
    visit(stack, browser, event)

    assert scroll_width(browser, 420) <= 420


def test_no_such_event(stack: Stack, browser: WebDriver, draft: Event, picture):
    browser.get(f"{stack.url}/e/{draft.id}")

    assert text(browser, "main").startswith("There is no such event")
    picture("missing")
