"""People, events and clients that the tests speak of; a clean database before each test."""

import gc
import json
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.models import User
from accounts.revocations import revocations
from accounts.tokens import issue_access_token
from bookings.checkout.known_prices import known_prices
from bookings.checkout.post_commit_worker import post_commit_worker
from events.models import Event
from journal import handler_notifier
from journal.inline_delivery import inline_delivery
from tests.support import factories, mongodb_commands  # noqa: F401 - commands registers with the driver before the first client

pytest_plugins = ("tests.support.fixtures",)
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with tests that start processes: they take long and wait much, and would else be left to one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("processes") is None)


def pytest_collection_finish() -> None:
    """Leave what was loaded out of collections."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session")
def migrated(django_db_blocker: Any) -> None:
    """The database of this process (tests/support/servers.py names it) with all its indexes."""
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)


@pytest.fixture(autouse=True)
def _clean_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty every collection instead of Django's flush, which recreates permissions at 60 to 100 ms a test."""
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


def empty_collections() -> None:
    """Ask first, all collections at once, which of them holds anything: most hold nothing."""
    connection.ensure_connection()
    found = connection.database.list_collection_names()
    names = [name for name in found if name not in KEPT and not name.startswith("system.")]
    for row in connection.database["django_migrations"].aggregate(one_of_each(names)):
        connection.database[row["name"]].delete_many({})


def one_of_each(names: Sequence[str]) -> list[dict[str, Any]]:
    """Return a pipeline that yields ``{name}`` of each collection that is not empty."""
    first = {name: [{"$limit": 1}, {"$project": {"_id": 0, "name": name}}] for name in names}
    unions = [{"$unionWith": {"coll": name, "pipeline": pipeline}} for name, pipeline in first.items()]
    return [{"$match": {"_id": None}}, *unions]


@pytest.fixture(autouse=True)
def _plain_files(settings: Any) -> None:
    """Pages name their files without the manifest that collectstatic makes for production.

    Nor are the files looked at that it left: every test client would, for 40 ms.
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
    """An organizer who owns nothing of what a test is about."""
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


class Client(APIClient):
    """Encodes bodies as a browser does, so that any string can be sent, lone surrogates too; spared no CSRF check."""

    def __init__(self, **options: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **options)

    def _encode_data(self, data: Any, format: str | None = None, content_type: str | None = None) -> tuple[bytes, str]:  # noqa: A002 - DRF's name
        return (b"", "") if data is None else (json.dumps(data).encode(), "application/json")


@pytest.fixture
def anonymous() -> APIClient:
    return Client(raise_request_exception=False)


def client_of(user: User | Actor) -> APIClient:
    """Return an API client that is signed in as this user."""
    caller = user.as_actor() if isinstance(user, User) else user
    client = Client(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_access_token(caller)}")
    return client


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
    """For threads: each makes an API client of its own."""
    return partial(Client, raise_request_exception=False)  # type: ignore[return-value]  # called like the class
