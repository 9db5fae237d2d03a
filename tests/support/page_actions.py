"""What a user does on a page in a browser, and what the page shows."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from tests.support.factories import PASSWORD
from tests.support.socketio_client import token
from tests.support.stack import Stack
from tests.support.waiting import eventually


def log_in(browser: WebDriver, user: User, *, password: str = PASSWORD) -> None:
    """Log in by keyboard alone. A user without a password gets the usual one first."""
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    email = browser.find_element(By.ID, "email")
    eventually(email.is_displayed)
    email.send_keys(user.email, Keys.TAB)
    browser.switch_to.active_element.send_keys(password, Keys.ENTER)


def cancel_booking(stack: Stack, customer: User, booking_id: str) -> None:
    """Cancel a booking over the API, outside the browser."""
    headers = {"Authorization": f"Bearer {token(customer)}"}
    assert requests.delete(f"{stack.url}/api/bookings/{booking_id}", headers=headers, timeout=30).status_code == 200


def text_of(browser: WebDriver, element_id: str) -> str:
    return str(browser.execute_script("return document.getElementById(arguments[0])?.innerText ?? ''", element_id))


def connection_state(browser: WebDriver) -> str:
    return str(browser.execute_script("return document.getElementById('connection').dataset.state"))


def scroll_width(browser: WebDriver, width: int) -> int:
    """Return how wide the page is on a screen of this width."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    found = browser.execute_script("return document.documentElement.scrollWidth")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    return int(found)


@contextmanager
def offline(browser: WebDriver) -> Iterator[None]:
    """Take the browser's network away for a while."""
    set_network(browser, offline=True)
    try:
        yield
    finally:
        set_network(browser, offline=False)


def set_network(browser: WebDriver, *, offline: bool) -> None:
    conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)
