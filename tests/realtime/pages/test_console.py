"""The organizer's console in Chromium: bookings made elsewhere show without a reload, none lost, none twice."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from accounts.revocations import revocations
from accounts.tokens import revoke_all
from config.core.clock import now
from events.models import Event
from realtime.models import Notification
from tests.support import factories
from tests.support.page_actions import cancel, log_in, offline, scroll_width, state, text
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


def shown(browser: WebDriver) -> list[str]:
    """Return the bookings on the page, from the top."""
    return browser.execute_script("return [...document.querySelectorAll('#bookings > li')].map(r => r.dataset.booking)")


def card(browser: WebDriver, event: Event) -> dict[str, Any]:
    """Return what the page says of an event's seats."""
    script = """
        const card = document.getElementById(arguments[0]);
        const gauge = card?.querySelector("[role=meter]");
        return card && {seats: card.querySelector(".seats").textContent, taken: gauge.getAttribute("aria-valuenow"),
                        width: gauge.firstElementChild.style.width};
    """
    return browser.execute_script(script, event.id) or {}


def open_console(stack: Stack, browser: WebDriver, organizer: User) -> None:
    browser.get(f"{stack.url}/console/")
    log_in(browser, organizer)
    eventually(lambda: state(browser) == "live")
    browser.execute_script("window.notReloaded = true")


def test_of_very_many_events_the_nearest_are_shown(stack: Stack, browser: WebDriver, organizer: User, event: Event):
    """The page asks for a hundred; it watches no more."""
    (document,) = Event.documents.find({"_id": event.id})
    later = [{**document, "_id": f"EVT-{n:08d}", "starts_at": event.starts_at + timedelta(n)} for n in range(1, 521)]
    Event.documents.insert_many(later)

    open_console(stack, browser, organizer)

    names = "return [...document.querySelectorAll('#events > li')].map(card => card.id)"
    nearest = [event.id, *[one["_id"] for one in later[:99]]]
    eventually(lambda: browser.execute_script(names) == nearest)
    assert browser.find_element(By.ID, "more-events").is_displayed()


def test_a_booking_and_the_gauge_move_without_reload(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    eventually(lambda: card(browser, event).get("seats") == "10 of 10 left")

    booking = stack.book(event, customer, qty=3)

    eventually(lambda: shown(browser) == [booking["id"]])
    eventually(lambda: card(browser, event) == {"seats": "7 of 10 left", "taken": "3", "width": "30%"}, seconds=5)
    eventually(lambda: (text(browser, "sold"), text(browser, "revenue")) == ("3", "€75.00"))
    row = browser.find_element(By.CSS_SELECTOR, "#bookings > li").text
    assert "Carl Customer" in row
    assert "3 seats · Jazz Night" in row
    assert browser.execute_script("return window.notReloaded")


def test_what_happens_while_offline_is_caught_up_with_each_booking_once(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    before = stack.book(event, customer)["id"]
    eventually(lambda: shown(browser) == [before])

    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        missed = [stack.book(event, customer)["id"] for _ in range(4)]
        eventually(lambda: Notification.objects.count() == 5)
        assert shown(browser) == [before]

    eventually(lambda: state(browser) == "live")
    eventually(lambda: shown(browser) == [*reversed(missed), before])
    eventually(lambda: card(browser, event)["seats"] == "5 of 10 left")
    eventually(lambda: text(browser, "sold") == "5")
    assert browser.execute_script("return window.notReloaded")


def test_more_than_the_socket_sends_at_once_is_read_over_rest(
    stack: Stack, browser: WebDriver, organizer: User, customer: User
):
    event = factories.make_published_event(organizer, total_seats=1000)
    open_console(stack, browser, organizer)

    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        missed = [stack.book(event, customer)["id"] for _ in range(220)]
        eventually(lambda: Notification.objects.count() == 220)
    last = stack.book(event, customer)["id"]

    eventually(lambda: text(browser, "sold") == "221")
    eventually(lambda: shown(browser) == [last, *reversed(missed)][:200])


def test_cut_off_again_and_again_while_bookings_go_on(
    stack: Stack, browser: WebDriver, organizer: User, customer: User
):
    event = factories.make_published_event(organizer, total_seats=1000)
    open_console(stack, browser, organizer)

    with ThreadPoolExecutor() as pool:
        made = [pool.submit(stack.book, event, customer) for _ in range(150)]
        for _ in range(8):
            with offline(browser):
                time.sleep(random.uniform(0, 0.4))  # noqa: S311 - any moment will do
            time.sleep(random.uniform(0, 0.4))  # noqa: S311 - any moment will do

    eventually(lambda: text(browser, "sold") == "150")
    assert sorted(shown(browser)) == sorted(one.result()["id"] for one in made)
    assert card(browser, event)["seats"] == "850 of 1,000 left"


def test_notifications_that_expired_do_not_hold_up_the_rest(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        gone = stack.book(event, customer)["id"]
        kept = stack.book(event, customer)["id"]
        eventually(lambda: Notification.objects.count() == 2)
        Notification.objects.filter(data__bookingId=gone).delete()  # as expiry does: never the newest
    eventually(lambda: shown(browser) == [kept])

    with offline(browser):
        eventually(lambda: state(browser) == "offline")
        last = stack.book(event, customer)["id"]

    eventually(lambda: shown(browser) == [last, kept])


def test_a_restart_of_the_server_is_survived(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    first = stack.book(event, customer)["id"]
    eventually(lambda: shown(browser) == [first])

    stack.web.stop()
    eventually(lambda: (state(browser), text(browser, "connection")) == ("restarting", "The server restarts …"))
    stack.web.start()

    eventually(lambda: state(browser) == "live")
    second = stack.book(event, customer)["id"]
    eventually(lambda: shown(browser) == [second, first])


def test_a_cancelled_booking_is_marked_and_counts_no_more(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    booking = stack.book(event, customer, qty=2)
    open_console(stack, browser, organizer)
    eventually(lambda: text(browser, "sold") == "2")

    cancel(stack, customer, booking["id"])

    eventually(lambda: "Cancelled by the customer" in text(browser, "bookings"))
    eventually(lambda: (text(browser, "sold"), text(browser, "cancelled-count")) == ("0", "1"))
    assert shown(browser) == [booking["id"]]


def test_after_a_reload_the_day_is_there_again(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    made = [stack.book(event, customer)["id"] for _ in range(3)]
    eventually(lambda: len(shown(browser)) == 3)

    browser.refresh()

    eventually(lambda: shown(browser) == [*reversed(made)])
    eventually(lambda: text(browser, "sold") == "3")


def test_a_customer_is_told_that_this_is_for_organizers(stack: Stack, browser: WebDriver, customer: User):
    browser.get(f"{stack.url}/console/")

    log_in(browser, customer)

    eventually(lambda: "for organizers" in text(browser, "login-problem"))
    assert browser.execute_script("return sessionStorage.length") == 0


def test_a_wrong_password_is_said_in_words(stack: Stack, browser: WebDriver, organizer: User, picture):
    browser.get(f"{stack.url}/console/")

    log_in(browser, organizer, password="not-this-one-1")

    eventually(lambda: text(browser, "login-problem"))
    picture("login")
    assert not browser.find_element(By.ID, "desk").is_displayed()


def test_a_sign_in_that_the_server_ends_clears_the_screen(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    stack.book(event, customer)
    eventually(lambda: shown(browser))

    revoke_all(user_id=organizer.id, now=now())
    revocations.forget()

    eventually(lambda: "Your sign-in has ended" in text(browser, "login-problem"))
    assert shown(browser) == []


def test_a_tab_that_is_duplicated_asks_for_the_password_and_leaves_the_first_alone(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    first = browser.current_window_handle
    tokens = browser.execute_script("return JSON.stringify(sessionStorage)")
    browser.execute_script("window.open('/console/')")  # with a copy of sessionStorage, as a duplicated tab has one
    copy = eventually(lambda: [handle for handle in browser.window_handles if handle != first])[0]
    try:
        browser.switch_to.window(copy)
        eventually(lambda: "logged in in another tab" in text(browser, "login-problem"))
        log_in(browser, organizer)
        eventually(lambda: state(browser) == "live")
        browser.refresh()
        eventually(lambda: state(browser) == "live")
    finally:
        browser.close()
        browser.switch_to.window(first)

    booking = stack.book(event, customer)

    eventually(lambda: shown(browser) == [booking["id"]])
    assert browser.execute_script("return JSON.stringify(sessionStorage)") == tokens


def test_an_event_that_has_begun_makes_room_for_another(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    """The server lets a connection watch so many, so what is shown no more must not be watched any more."""
    open_console(stack, browser, organizer)
    eventually(lambda: card(browser, event))
    browser.execute_script("""
        const real = WebSocket.prototype.send;
        window.said = [];
        WebSocket.prototype.send = function (text) { window.said.push(text); return real.call(this, text); };
    """)
    Event.objects.filter(pk=event.pk).update(starts_at=now() - timedelta(minutes=1))
    other = factories.make_published_event(organizer, title="Quartet")

    stack.book(other, customer)

    eventually(lambda: card(browser, other) and not card(browser, event))
    said = [json.loads(one) for one in browser.execute_script("return window.said")]
    assert {"type": "unwatch", "eventId": event.id} in said


def test_a_hidden_tab_counts_bookings_in_its_title(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    browser.execute_script("Object.defineProperty(document, 'hidden', {configurable: true, get: () => window.away})")
    browser.execute_script("window.away = true")

    stack.book(event, customer)
    stack.book(event, customer)

    eventually(lambda: browser.title == "(2) Console · Box Office")
    browser.execute_script("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    assert browser.title == "Console · Box Office"


def test_the_sound_is_off_until_it_is_wanted(stack: Stack, browser: WebDriver, organizer: User):
    open_console(stack, browser, organizer)
    sound = browser.find_element(By.ID, "sound")
    assert sound.get_attribute("aria-pressed") == "false"

    sound.click()

    assert (sound.get_attribute("aria-pressed"), sound.text) == ("true", "Sound on")


def test_the_console_fits_every_screen(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event, picture
):
    factories.make_published_event(organizer, title="Symphony in the Park with a Name that is Longer than Most")
    soon = factories.make_published_event(organizer, title="Quartet", total_seats=20, venue="Blue Hall")
    open_console(stack, browser, organizer)
    made = [stack.book(soon, customer, qty=qty)["id"] for qty in (4, 1, 3, 2, 5, 3, 1)]
    stack.book(event, customer, qty=10)
    cancel(stack, customer, made[3])
    eventually(lambda: (text(browser, "sold"), text(browser, "cancelled-count")) == ("27", "1"))
    eventually(lambda: card(browser, soon)["seats"] == "3 of 20 left", seconds=5)
    eventually(lambda: "27 tickets" in text(browser, "days"))

    picture("console")

    assert scroll_width(browser, 420) <= 420
