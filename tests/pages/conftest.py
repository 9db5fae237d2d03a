"""Chromium on the whole product."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from accounts.models import User
from tests import factories
from tests.realtime.stack import Stack

SIZES = {"desktop": (1280, 1000), "phone": (420, 900)}


@pytest.fixture(scope="module")
def stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    """DEBUG: static files are served from where they are written."""
    running = Stack(DEBUG="true")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[WebDriver]:
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    if missing := [name for name, path in programs.items() if path is None]:
        pytest.skip(f"not on PATH: {', '.join(missing)}")
    options = webdriver.ChromeOptions()
    options.binary_location = programs["chromium"] or ""
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(programs["chromedriver"]))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: WebDriver, stack: Stack) -> Iterator[WebDriver]:
    """Nobody is signed in; nothing may have broken the policy, nor a script, by the end of the test."""
    chromium.get(f"{stack.url}/healthz")
    chromium.execute_script("sessionStorage.clear()")
    chromium.get_log("browser")
    yield chromium
    faults = [one["message"] for one in chromium.get_log("browser") if is_fault(one["message"])]
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
