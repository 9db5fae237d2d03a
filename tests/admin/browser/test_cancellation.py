"""The admin in a real browser: from the dashboard over a list to a booking, which staff cancel."""

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from accounts.models import User
from bookings.models import Booking
from events.models import Event
from tests.support import factories
from tests.support.admin_browser import click, page
from tests.support.admin_client import member_of
from tests.support.seat_ledger import findings
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.stack_settings(DEBUG="true")]


@pytest.fixture
def mia() -> User:
    mia = member_of("Moderators")
    mia.set_password(factories.PASSWORD)
    mia.save(update_fields=["password"])
    return mia


def log_in(browser: Chrome, stack: Stack, user: User) -> None:
    browser.get(f"{stack.url}/admin/login/")
    browser.find_element(By.NAME, "username").send_keys(user.email)
    browser.find_element(By.NAME, "password").send_keys(factories.PASSWORD + Keys.ENTER)
    eventually(lambda: browser.current_url == f"{stack.url}/admin/")


def figure(browser: Chrome, label: str) -> str:
    """Reload the dashboard and return one of its figures."""
    reloaded(browser)
    found = browser.find_elements(By.XPATH, f"//dt[text()='{label}']/following-sibling::dd/a")
    return found[0].text if found else ""


def reloaded(browser: Chrome) -> str:
    """Reload the page and return its text, once its script shows it."""
    browser.refresh()
    return eventually(lambda: page(browser))


def cancel(browser: Chrome) -> None:
    """Cancel without a reason, which is refused, then with one."""
    click(browser, By.PARTIAL_LINK_TEXT, "Cancel for the customer")
    click(browser, By.CSS_SELECTOR, ".bo-form button")
    eventually(lambda: "This field is required." in page(browser))
    Select(browser.find_element(By.NAME, "reason")).select_by_value("ASKED")
    browser.find_element(By.NAME, "text").send_keys("called us")
    click(browser, By.CSS_SELECTOR, ".bo-form button")


def test_staff_cancel_a_booking_found_from_the_dashboard(
    stack: Stack, browser: Chrome, event: Event, customer: User, mia: User
):
    booking = stack.book(event, customer, qty=2)

    log_in(browser, stack, mia)
    eventually(lambda: "50.00 EUR in 30 days" in reloaded(browser))
    assert figure(browser, "Events to review") == "1"

    click(browser, By.PARTIAL_LINK_TEXT, "2 of 10 sold")
    eventually(lambda: browser.current_url.endswith(f"/admin/bookings/booking/?q={event.pk}"))
    click(browser, By.LINK_TEXT, booking["id"])
    eventually(lambda: "History of this booking" in page(browser))
    cancel(browser)

    eventually(lambda: f"{booking['id']} is cancelled; the customer is notified." in page(browser))
    assert "The customer asked for it: called us" in page(browser)
    assert Booking.objects.get(pk=booking["id"]).status == "CANCELLED"
    assert findings() == []
    faults = [line["message"] for line in browser.get_log("browser") if "400 (Bad Request)" not in line["message"]]
    assert faults == []  # no script failed, and the page's policy refused nothing
