"""Users, events and clients for all tests; a clean database before each test."""

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from rest_framework.test import APIClient

from accounts.models import User
from accounts.revocations import revocations
from bookings.checkout.known_prices import known_prices
from bookings.checkout.post_commit_worker import post_commit_worker
from events.models import Event
from journal import handler_notifier
from journal.inline_delivery import inline_delivery
from tests.support import factories, mongodb_commands  # noqa: F401 - the second registers with the driver before its first client
from tests.support.api_client import Client, client_of
from tests.support.clean_database import empty_collections

pytest_plugins = ("tests.support.fixtures",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run tests that start processes first: they take long and mostly wait, so that others can run beside them."""
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)


def pytest_collection_finish() -> None:
    """Exclude loaded modules from garbage collection."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def migrated(django_db_blocker: Any) -> None:
    """The database of this process (tests/support/servers.py names it) with all indexes."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def _clean_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty all collections. Django's flush would also recreate permissions, for 60 to 100 ms a test."""
    if request.node.get_closest_marker("no_database"):
        yield
        return
    request.getfixturevalue("migrated")
    with request.getfixturevalue("django_db_blocker").unblock():
        empty_collections()
        cache.clear()
        revocations.forget()
        known_prices.forget()
        inline_delivery.forget()
        yield
        post_commit_worker.finish()
        handler_notifier.finish()


@pytest.fixture(autouse=True)
def _plain_files(settings: Any) -> None:
    """Pages link static files without the manifest that collectstatic makes for production.

    STATIC_ROOT does not exist: each test client would read it for 40 ms.
    """
    settings.STATIC_ROOT = settings.BASE_DIR / ".static" / "none"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def organizer() -> User:
    return factories.make_user("Olga Organizer", role="ORGANIZER")


@pytest.fixture
def customer() -> User:
    return factories.make_user("Carl Customer", role="CUSTOMER")


@pytest.fixture
def stranger() -> User:
    """An organizer who owns nothing that a test is about."""
    return factories.make_user("Sam Stranger", role="ORGANIZER")


@pytest.fixture
def other_customer() -> User:
    return factories.make_user("Clara Customer", role="CUSTOMER")


@pytest.fixture
def staff() -> User:
    return factories.make_user("Mona Moderator", role="STAFF", is_staff=True, is_superuser=True)


@pytest.fixture
def draft(organizer: User) -> Event:
    return factories.make_event(organizer)


@pytest.fixture
def event(organizer: User) -> Event:
    """Published, 10 seats at 25.00."""
    return factories.make_published_event(organizer)


@pytest.fixture
def anonymous() -> APIClient:
    return Client(raise_request_exception=False)


@pytest.fixture
def as_organizer(organizer: User) -> APIClient:
    return client_of(organizer)


@pytest.fixture
def as_customer(customer: User) -> APIClient:
    return client_of(customer)


@pytest.fixture
def as_other_customer(other_customer: User) -> APIClient:
    return client_of(other_customer)


@pytest.fixture
def as_stranger(stranger: User) -> APIClient:
    return client_of(stranger)


@pytest.fixture
def as_staff(staff: User) -> APIClient:
    return client_of(staff)


@pytest.fixture
def client_factory() -> type[Client]:
    """For threads: each makes its own API client."""
    return partial(Client, raise_request_exception=False)  # type: ignore[return-value]  # called like the class
