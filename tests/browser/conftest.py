"""A real browser on the running product."""

import shutil
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from tests.realtime.stack import Stack

WIDE = (1400, 1000)


@pytest.fixture(scope="module")
def stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    """With DEBUG: static files come from the apps, without a build."""
    stack = Stack(DEBUG="true")
    yield stack
    stack.stop()


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    driver, chromium = shutil.which("chromedriver"), shutil.which("chromium") or shutil.which("google-chrome")
    if not driver or not chromium:
        pytest.skip("chromium and chromedriver are not on PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    browser.set_window_size(*WIDE)
    browser.set_page_load_timeout(60)
    yield browser
    browser.quit()
