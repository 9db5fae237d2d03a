"""Headless Chromium, driven by Selenium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDE = (1400, 1000)
QUIET = [  # it talks to nobody but the tests' servers, and paints without a graphics card
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--disable-gpu",
    "--disable-quic", "--disable-sync", "--no-first-run",
]  # fmt: skip


@contextmanager
def chromium(*, size: tuple[int, int] = WIDE) -> Iterator[webdriver.Chrome]:
    """Start a browser, with what it logs to be read; where there is none the test is skipped."""
    driver, program = shutil.which("chromedriver"), shutil.which("chromium") or shutil.which("google-chrome")
    if not driver or not program:
        pytest.skip("chromium and chromedriver are not on PATH")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", *QUIET):
        options.add_argument(option)
    options.add_argument(f"--window-size={size[0]},{size[1]}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options, Service(driver))
    browser.set_page_load_timeout(60)
    try:
        yield browser
    finally:
        browser.quit()
