"""Moderation in a real browser: a reported event is compared, hidden, appealed and restored."""

from typing import Any

import pytest
import requests
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from accounts.models import User
from config.core.clock import now
from events.models import Event
from events.moderation import decisions
from events.moderation.decisions import ReviewedVersion
from tests.support import factories
from tests.support.admin_browser import click
from tests.support.socketio_client import SocketIOClient, token
from tests.support.stack import Stack
from tests.support.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240), pytest.mark.stack_settings(DEBUG="true")]
SENTENCE = "Misleading or false information: There is no such band."


@pytest.fixture
def moderator() -> User:
    mia = factories.make_user("Mia Moderator", role="STAFF", is_staff=True, is_superuser=True)
    mia.set_password(factories.PASSWORD)
    mia.save(update_fields=["password"])
    return mia


@pytest.fixture
def event(organizer: User, moderator: User) -> Event:
    """A published event, approved in its first version."""
    event = factories.make_published_event(organizer, venue="Old Town Hall")
    reviewed = ReviewedVersion(version=event.version, reports=0)
    decisions.approve_event(event_id=event.pk, by=moderator.as_actor(), now=now(), reviewed=reviewed)
    return event


@pytest.fixture
def open_socket(stack: Stack, organizer: User):
    client = SocketIOClient(stack.url, organizer)
    eventually(lambda: client.received)
    yield client
    client.close()


def call(stack: Stack, user: User, method: str, path: str, **body: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token(user)}"}
    return requests.request(method, f"{stack.url}/api{path}", json=body, headers=headers, timeout=30)


def log_in(browser: Chrome, stack: Stack, user: User) -> None:
    browser.get(f"{stack.url}/admin/login/?next=/admin/moderation/")
    browser.find_element(By.NAME, "username").send_keys(user.email)
    browser.find_element(By.NAME, "password").send_keys(factories.PASSWORD + Keys.ENTER)
    eventually(lambda: browser.current_url.endswith("/admin/moderation/") and is_ready(browser))


def is_ready(browser: Chrome) -> bool:
    """Tell whether the scripts of the page have run; before, it ignores keys."""
    return bool(browser.execute_script("return document.readyState === 'complete'"))


def press(browser: Chrome, key: str) -> None:
    eventually(lambda: is_ready(browser))
    browser.find_element(By.TAG_NAME, "body").send_keys(key)


def text_of(browser: Chrome) -> str:
    """Return the text of the page in one step: between two steps the page may change."""
    return str(browser.execute_script("return document.querySelector('.mod')?.innerText ?? ''"))


def marked(browser: Chrome, tag: str) -> list[str]:
    return [one.text.strip() for one in browser.find_elements(By.CSS_SELECTOR, f".mod-compare {tag}")]


def listed(stack: Stack) -> list[str]:
    return [one["id"] for one in requests.get(f"{stack.url}/api/events", timeout=30).json()["results"]]


def test_a_reported_event_is_hidden_appealed_and_restored(
    stack: Stack,
    browser: Chrome,
    event: Event,
    moderator: User,
    organizer: User,
    customer: User,
    open_socket: SocketIOClient,
):
    call(stack, organizer, "PATCH", f"/events/{event.id}", venue="New Town Hall")
    assert (
        call(stack, customer, "POST", f"/events/{event.id}/report", reason="FRAUD", text="No band.").status_code == 201
    )

    log_in(browser, stack, moderator)
    eventually(lambda: "reported" in text_of(browser))
    click(browser, By.LINK_TEXT, "Jazz Night")
    eventually(lambda: "No band." in text_of(browser))
    assert (marked(browser, "del"), marked(browser, "ins")) == (["Old"], ["New"])

    press(browser, "h")
    reason = browser.switch_to.active_element
    assert reason.get_attribute("name") == "reason", "hiding asks for the reason first"
    Select(reason).select_by_value("MISLEADING")
    form = reason.find_element(By.XPATH, "./ancestor::form")
    form.find_element(By.NAME, "text").send_keys("There is no such band.")
    form.find_element(By.CSS_SELECTOR, "[data-key=h]").click()
    eventually(lambda: "No events are waiting here." in text_of(browser))

    hidden = eventually(lambda: open_socket.of_type("event.hidden"))
    assert (hidden[0]["data"]["eventId"], hidden[0]["data"]["reason"]) == (event.id, SENTENCE)
    assert listed(stack) == []
    assert call(stack, customer, "POST", "/bookings", eventId=event.id, qty=1).status_code == 404

    assert call(stack, organizer, "POST", f"/events/{event.id}/appeal", text="There is.").status_code == 200
    browser.refresh()
    eventually(lambda: "appealed" in text_of(browser))
    press(browser, "n")
    eventually(lambda: "There is." in text_of(browser))
    press(browser, "a")
    eventually(lambda: "No events are waiting here." in text_of(browser))

    assert listed(stack) == [event.id]
    assert call(stack, customer, "POST", "/bookings", eventId=event.id, qty=1).status_code == 201
    eventually(lambda: open_socket.of_type("event.restored"))
    eventually(lambda: len([mail for mail in stack.mail.mails if mail["To"] == organizer.email]) >= 2)


def test_keys_move_through_the_queue_without_browser_errors(
    stack: Stack, browser: Chrome, organizer: User, moderator: User
):
    first, second = (factories.make_published_event(organizer, title=f"Number {number}") for number in (1, 2))
    log_in(browser, stack, moderator)

    press(browser, "n")
    eventually(lambda: browser.current_url.endswith(f"/{first.id}/"))
    press(browser, "?")
    assert browser.find_element(By.ID, "mod-help").is_displayed()
    press(browser, Keys.ESCAPE)
    browser.find_element(By.NAME, "text").send_keys("an")
    press(browser, "n")
    eventually(lambda: browser.current_url.endswith(f"/{second.id}/"))
    press(browser, "q")
    eventually(lambda: browser.current_url.endswith("/admin/moderation/"))

    faults = [line["message"] for line in browser.get_log("browser") if line["level"] == "SEVERE"]
    assert [fault for fault in faults if "favicon.ico" not in fault] == []
    assert "new" in factories.reload(first).queue
