"""The organizer's console in Chromium: what it shows, and how it changes without a reload."""

import json
from datetime import timedelta

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from config.core.clock import now
from events.models import Event
from tests.support import factories
from tests.support.console_page import event_card, listed_bookings, open_console
from tests.support.page_actions import cancel_booking, log_in, scroll_width, text_of
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180), pytest.mark.stack_settings(DEBUG="true")]


def test_of_many_events_the_next_hundred_are_shown(stack: Stack, browser: WebDriver, organizer: User, event: Event):
    """The page reads and watches a hundred events at most."""
    (document,) = Event.documents.find({"_id": event.id})
    later = [{**document, "_id": f"EVT-{n:08d}", "starts_at": event.starts_at + timedelta(n)} for n in range(1, 521)]
    Event.documents.insert_many(later)

    open_console(stack, browser, organizer)

    card_ids = "return [...document.querySelectorAll('#events > li')].map(card => card.id)"
    nearest = [event.id, *[one["_id"] for one in later[:99]]]
    eventually(lambda: browser.execute_script(card_ids) == nearest)
    assert browser.find_element(By.ID, "more-events").is_displayed()


def test_a_booking_shows_and_the_gauge_moves_without_reload(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    eventually(lambda: event_card(browser, event).get("seats") == "10 of 10 left")

    booking = stack.book(event, customer, qty=3)

    eventually(lambda: listed_bookings(browser) == [booking["id"]])
    eventually(lambda: event_card(browser, event) == {"seats": "7 of 10 left", "taken": "3", "width": "30%"}, seconds=5)
    eventually(lambda: (text_of(browser, "sold"), text_of(browser, "revenue")) == ("3", "€75.00"))
    row = browser.find_element(By.CSS_SELECTOR, "#bookings > li").text
    assert "Carl Customer" in row
    assert "3 seats · Jazz Night" in row
    assert browser.execute_script("return window.notReloaded")


def test_a_cancelled_booking_is_marked_and_no_longer_counted(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    booking = stack.book(event, customer, qty=2)
    open_console(stack, browser, organizer)
    eventually(lambda: text_of(browser, "sold") == "2")

    cancel_booking(stack, customer, booking["id"])

    eventually(lambda: "Cancelled by the customer" in text_of(browser, "bookings"))
    eventually(lambda: (text_of(browser, "sold"), text_of(browser, "cancelled-count")) == ("0", "1"))
    assert listed_bookings(browser) == [booking["id"]]


def test_after_a_reload_todays_bookings_show_again(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    made = [stack.book(event, customer)["id"] for _ in range(3)]
    eventually(lambda: len(listed_bookings(browser)) == 3)

    browser.refresh()

    eventually(lambda: listed_bookings(browser) == [*reversed(made)])
    eventually(lambda: text_of(browser, "sold") == "3")


def test_a_customer_cannot_log_in(stack: Stack, browser: WebDriver, customer: User):
    browser.get(f"{stack.url}/console/")

    log_in(browser, customer)

    eventually(lambda: "for organizers" in text_of(browser, "login-problem"))
    assert browser.execute_script("return sessionStorage.length") == 0


def test_a_wrong_password_shows_a_problem(stack: Stack, browser: WebDriver, organizer: User, screenshot):
    browser.get(f"{stack.url}/console/")

    log_in(browser, organizer, password="not-this-one-1")

    eventually(lambda: text_of(browser, "login-problem"))
    screenshot("login")
    assert not browser.find_element(By.ID, "dashboard").is_displayed()


def test_an_event_that_has_begun_is_no_longer_watched(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    """A connection can watch a limited number of events, so another one takes the place."""
    open_console(stack, browser, organizer)
    eventually(lambda: event_card(browser, event))
    browser.execute_script("""
        const real = WebSocket.prototype.send;
        window.sent = [];
        WebSocket.prototype.send = function (text) { window.sent.push(text); return real.call(this, text); };
    """)
    Event.objects.filter(pk=event.pk).update(starts_at=now() - timedelta(minutes=1))
    other = factories.make_published_event(organizer, title="Quartet")

    stack.book(other, customer)

    eventually(lambda: event_card(browser, other) and not event_card(browser, event))
    sent = [json.loads(one) for one in browser.execute_script("return window.sent")]
    assert {"type": "unwatch", "eventId": event.id} in sent


def test_a_hidden_tab_counts_new_bookings_in_its_title(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    browser.execute_script(
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.isHidden})"
    )
    browser.execute_script("window.isHidden = true")

    stack.book(event, customer)
    stack.book(event, customer)

    eventually(lambda: browser.title == "(2) Console · Box Office")
    browser.execute_script("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert browser.title == "Console · Box Office"


def test_the_sound_is_off_until_it_is_switched_on(stack: Stack, browser: WebDriver, organizer: User):
    open_console(stack, browser, organizer)
    sound = browser.find_element(By.ID, "sound")
    assert sound.get_attribute("aria-pressed") == "false"

    sound.click()

    assert (sound.get_attribute("aria-pressed"), sound.text) == ("true", "Sound on")


def test_the_console_fits_narrow_screens(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event, screenshot
):
    factories.make_published_event(organizer, title="Symphony in the Park with a Name that is Longer than Most")
    soon = factories.make_published_event(organizer, title="Quartet", total_seats=20, venue="Blue Hall")
    open_console(stack, browser, organizer)
    made = [stack.book(soon, customer, qty=qty)["id"] for qty in (4, 1, 3, 2, 5, 3, 1)]
    stack.book(event, customer, qty=10)
    cancel_booking(stack, customer, made[3])
    eventually(lambda: (text_of(browser, "sold"), text_of(browser, "cancelled-count")) == ("27", "1"))
    eventually(lambda: event_card(browser, soon)["seats"] == "3 of 20 left", seconds=5)
    eventually(lambda: "27 tickets" in text_of(browser, "days"))

    screenshot("console")

    assert scroll_width(browser, 420) <= 420
