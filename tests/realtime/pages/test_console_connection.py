"""The organizer's console in Chromium when its connection or its sign-in ends: no booking is lost, none shows twice."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from accounts.refresh_tokens import end_sign_ins
from config.core.clock import now
from events.models import Event
from realtime.models import Notification
from tests.support import factories
from tests.support.console_page import event_card, listed_bookings, open_console
from tests.support.page_actions import connection_state, log_in, offline, text_of
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180), pytest.mark.stack_settings(DEBUG="true")]


def test_bookings_made_while_offline_show_afterwards_once(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    before = stack.book(event, customer)["id"]
    eventually(lambda: listed_bookings(browser) == [before])

    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        missed = [stack.book(event, customer)["id"] for _ in range(4)]
        eventually(lambda: Notification.objects.count() == 5)
        assert listed_bookings(browser) == [before]

    eventually(lambda: connection_state(browser) == "live")
    eventually(lambda: listed_bookings(browser) == [*reversed(missed), before])
    eventually(lambda: event_card(browser, event)["seats"] == "5 of 10 left")
    eventually(lambda: text_of(browser, "sold") == "5")
    assert browser.execute_script("return window.notReloaded")


def test_more_missed_bookings_than_are_replayed_are_read_over_rest(
    stack: Stack, browser: WebDriver, organizer: User, customer: User
):
    event = factories.make_published_event(organizer, total_seats=1000)
    open_console(stack, browser, organizer)

    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        missed = [stack.book(event, customer)["id"] for _ in range(220)]
        eventually(lambda: Notification.objects.count() == 220)
    last = stack.book(event, customer)["id"]

    eventually(lambda: text_of(browser, "sold") == "221")
    eventually(lambda: listed_bookings(browser) == [last, *reversed(missed)][:200])


def test_no_booking_is_lost_when_the_network_breaks_repeatedly(
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

    eventually(lambda: text_of(browser, "sold") == "150")
    assert sorted(listed_bookings(browser)) == sorted(one.result()["id"] for one in made)
    assert event_card(browser, event)["seats"] == "850 of 1,000 left"


def test_expired_notifications_do_not_delay_the_others(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        gone = stack.book(event, customer)["id"]
        kept = stack.book(event, customer)["id"]
        eventually(lambda: Notification.objects.count() == 2)
        Notification.objects.filter(data__bookingId=gone).delete()  # as expiry does: never the newest
    eventually(lambda: listed_bookings(browser) == [kept])

    with offline(browser):
        eventually(lambda: connection_state(browser) == "offline")
        last = stack.book(event, customer)["id"]

    eventually(lambda: listed_bookings(browser) == [last, kept])


def test_after_a_server_restart_the_console_goes_on(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    first = stack.book(event, customer)["id"]
    eventually(lambda: listed_bookings(browser) == [first])

    stack.web.stop()
    eventually(
        lambda: (
            (connection_state(browser), text_of(browser, "connection")) == ("restarting", "The server is restarting …")
        )
    )
    stack.web.start()

    eventually(lambda: connection_state(browser) == "live")
    second = stack.book(event, customer)["id"]
    eventually(lambda: listed_bookings(browser) == [second, first])


def test_the_end_of_the_sign_in_clears_the_screen(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    stack.book(event, customer)
    eventually(lambda: listed_bookings(browser))

    end_sign_ins(user_id=organizer.id, now=now())

    eventually(lambda: "Your sign-in has ended" in text_of(browser, "login-problem"))
    assert listed_bookings(browser) == []


def test_a_duplicated_tab_asks_for_the_password(
    stack: Stack, browser: WebDriver, organizer: User, customer: User, event: Event
):
    open_console(stack, browser, organizer)
    first = browser.current_window_handle
    tokens = browser.execute_script("return JSON.stringify(sessionStorage)")
    browser.execute_script("window.open('/console/')")  # with a copy of sessionStorage, as a duplicated tab has one
    copy = eventually(lambda: [handle for handle in browser.window_handles if handle != first])[0]
    try:
        browser.switch_to.window(copy)
        eventually(lambda: "logged in in another tab" in text_of(browser, "login-problem"))
        log_in(browser, organizer)
        eventually(lambda: connection_state(browser) == "live")
        browser.refresh()
        eventually(lambda: connection_state(browser) == "live")
    finally:
        browser.close()
        browser.switch_to.window(first)

    booking = stack.book(event, customer)

    eventually(lambda: listed_bookings(browser) == [booking["id"]])
    assert browser.execute_script("return JSON.stringify(sessionStorage)") == tokens
