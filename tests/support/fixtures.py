"""Fixtures that start the product's processes or a browser (a plugin of tests/conftest.py)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.stack import Stack

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@pytest.fixture(scope="module")
def running_stack(request: pytest.FixtureRequest, migrated: None) -> Iterator[Stack]:
    """The product, started for each test file with the settings of its ``stack_settings`` mark."""
    mark = request.node.get_closest_marker("stack_settings")
    stack = Stack(**(mark.kwargs if mark else {}))
    yield stack
    stack.stop()


@pytest.fixture
def stack(running_stack: Stack) -> Stack:
    running_stack.mail.mails.clear()
    return running_stack


@pytest.fixture(scope="module")
def running_browser() -> "Iterator[Chrome]":
    from tests.support.chromium import chromium  # Selenium takes 0.2 s to load, and most workers need no browser

    with chromium() as driver:
        yield driver


@pytest.fixture
def browser(running_browser: "Chrome", stack: Stack) -> "Iterator[Chrome]":
    """Signed out. The test fails if a page broke its security policy, or a script failed."""
    running_browser.get(f"{stack.url}/healthz")
    running_browser.delete_all_cookies()
    running_browser.execute_script("sessionStorage.clear()")
    running_browser.get_log("browser")
    yield running_browser
    faults = [entry["message"] for entry in running_browser.get_log("browser") if is_fault(entry["message"])]
    assert faults == []


def is_fault(message: str) -> bool:
    return "Content Security Policy" in message or "Uncaught" in message
