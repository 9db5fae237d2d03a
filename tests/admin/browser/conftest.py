"""A real browser, and the running product."""

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.support.chromium import chromium
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def stack(migrated: None, django_db_blocker) -> Iterator[Stack]:
    """The product with DEBUG, so that static files come from the apps without collectstatic."""
    stack = Stack(DEBUG="true")
    yield stack
    stack.stop()


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as browser:
        yield browser
