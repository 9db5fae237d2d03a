"""What a person does in a browser: wait for what they look for, then click."""

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.support.waiting import eventually

ON_THE_WAY = (NoSuchElementException, StaleElementReferenceException)  # one page makes way for the next


def page(browser: Chrome) -> str:
    """Return what the page shows; nothing while it loads."""
    try:
        return browser.find_element(By.TAG_NAME, "body").text
    except ON_THE_WAY:
        return ""


def click(browser: Chrome, by: str, what: str) -> None:
    """Click on what is on the page, or comes."""

    def is_clicked() -> bool:
        try:
            browser.find_element(by, what).click()
        except ON_THE_WAY:
            return False
        return True

    eventually(is_clicked)
