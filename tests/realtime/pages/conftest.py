"""Chromium on the whole product."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from tests.support import factories
from tests.support.chromium import chromium
from tests.support.stack import Stack

SIZES = {"desktop": (1280, 1000), "phone": (420, 900)}


@pytest.fixture(scope="module")
def stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    """DEBUG: static files are served from where they are written."""
    running = Stack(DEBUG="true")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def one_chromium() -> Iterator[WebDriver]:
    with chromium(size=SIZES["desktop"]) as driver:
        yield driver


@pytest.fixture
def browser(one_chromium: WebDriver, stack: Stack) -> Iterator[WebDriver]:
    """Nobody is signed in; nothing may have broken the policy, nor a script, by the end of the test."""
    one_chromium.get(f"{stack.url}/healthz")
    one_chromium.execute_script("sessionStorage.clear()")
    one_chromium.get_log("browser")
    yield one_chromium
    faults = [one["message"] for one in one_chromium.get_log("browser") if is_fault(one["message"])]
    assert faults == []


def is_fault(message: str) -> bool:
    return "Content Security Policy" in message or "Uncaught" in message


@pytest.fixture
def organizer() -> User:
    return with_password("Olga Organizer", "ORGANIZER")


@pytest.fixture
def customer() -> User:
    return with_password("Carl Customer", "CUSTOMER")


def with_password(name: str, role: str) -> User:
    user = factories.make_user(name, role=role)
    user.set_password(factories.PASSWORD)
    user.save()
    return user


@pytest.fixture
def picture(browser: WebDriver) -> Callable[[str], None]:
    """Keep what is on the screen, large and small, light and dark, where SCREENSHOTS names a directory."""

    def take(name: str) -> None:
        if directory := os.environ.get("SCREENSHOTS"):
            for size, scheme in [(size, scheme) for size in SIZES for scheme in ("light", "dark")]:
                shoot(browser, Path(directory) / f"{name}-{size}-{scheme}.png", size, scheme)

    return take


def shoot(browser: WebDriver, path: Path, size: str, scheme: str) -> None:
    width, height = SIZES[size]
    feature = {"name": "prefers-color-scheme", "value": scheme}
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    full = browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["height"]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**metrics, "height": int(max(full, height))})
    path.parent.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(path))
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
