"""Steps in a real browser that wait for the page, as people do."""

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.support.waiting import eventually

LOADING = (NoSuchElementException, StaleElementReferenceException)  # raised while the page changes


def page(browser: Chrome) -> str:
    """Return the text of the page; empty while it loads."""
    try:
        return browser.find_element(By.TAG_NAME, "body").text
    except LOADING:
        return ""


def click(browser: Chrome, by: str, what: str) -> None:
    """Wait for an element and click it."""

    def is_clicked() -> bool:
        try:
            browser.find_element(by, what).click()
        except LOADING:
            return False
        return True

    eventually(is_clicked)
