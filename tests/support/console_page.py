"""The organizer's console in a browser: opening it, and what it shows."""

from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from events.models import Event
from tests.support.page_actions import connection_state, log_in
from tests.support.stack import Stack
from tests.support.waiting import eventually


def open_console(stack: Stack, browser: WebDriver, organizer: User) -> None:
    browser.get(f"{stack.url}/console/")
    log_in(browser, organizer)
    eventually(lambda: connection_state(browser) == "live")
    browser.execute_script("window.notReloaded = true")


def listed_bookings(browser: WebDriver) -> list[str]:
    """Return the ids of the bookings on the page, from the top."""
    return browser.execute_script("return [...document.querySelectorAll('#bookings > li')].map(r => r.dataset.booking)")


def event_card(browser: WebDriver, event: Event) -> dict[str, Any]:
    """Return what the page shows of an event's seats; nothing if the event is not listed."""
    script = """
        const card = document.getElementById(arguments[0]);
        const gauge = card?.querySelector("[role=meter]");
        return card && {seats: card.querySelector(".seats").textContent, taken: gauge.getAttribute("aria-valuenow"),
                        width: gauge.firstElementChild.style.width};
    """
    return browser.execute_script(script, event.id) or {}
