"""analytics/migrations/0003: the roll-ups of the scope ``house`` become those of ``platform``."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module

import pytest
from bson.decimal128 import Decimal128
from django.core.management import call_command
from django.db import connection
from pymongo.errors import OperationFailure

from accounts.models import User
from analytics import rollups
from analytics.documents import DailySalesDocument
from analytics.models import DailySales
from analytics.sales import PLATFORM, Sales
from config.mongo.transactions import run_in_transaction
from events.models import Event
from tests.support.dated_bookings import book, cancel, deliver, figures, findings
from tests.support.mongodb_commands import failing

migration = import_module("analytics.migrations.0003_platform_scope")
DAY, TOTAL = (2, 5, "125.00", 1), (7, 9, "300.50", 3)
NOT_TRANSIENT = 8000


def rollup(
    day: str, counters: tuple[int, int, str, int], *, scope: str = "house", repairs: int = 0
) -> DailySalesDocument:
    bookings, tickets, revenue, cancellations = counters
    return {
        "_id": f"{scope}:{day}", "scope": scope, "day": day, "bookings": bookings, "tickets": tickets,
        "revenue": Decimal128(revenue), "cancellations": cancellations, "repairs": repairs,
    }  # fmt: skip


def migrate() -> None:
    migration.rename_scope(connection.database, "house", "platform")


def scopes() -> set[str]:
    return set(DailySales.documents.distinct("scope"))


@pytest.fixture
def old_scope() -> None:
    documents = [rollup("2026-03-01", DAY, repairs=2), rollup("all", TOTAL)]
    DailySales.documents.insert_many([*documents, rollup("all", DAY, scope="EVT-00000001")])


def test_days_and_total_move_to_the_new_scope(old_scope: None):
    migrate()

    assert figures("platform") == {"2026-03-01": DAY, "all": TOTAL}
    assert scopes() == {"platform", "EVT-00000001"}


def test_moved_documents_differ_in_id_and_scope_only(old_scope: None):
    migrate()

    moved = list(DailySales.documents.find({"scope": "platform"}).sort("_id", 1))
    assert moved == [rollup("2026-03-01", DAY, scope="platform", repairs=2), rollup("all", TOTAL, scope="platform")]


def test_other_scopes_stay_as_they_are(old_scope: None):
    migrate()

    assert figures("EVT-00000001") == {"all": DAY}


def test_a_second_run_changes_nothing(old_scope: None):
    migrate()
    after_first = list(DailySales.documents.find())

    migrate()

    assert list(DailySales.documents.find()) == after_first


def test_an_empty_collection_stays_empty():
    migrate()

    assert scopes() == set()


def test_counters_already_in_the_new_scope_are_added(old_scope: None):
    DailySales.documents.insert_one(rollup("all", (1, 2, "0.25", 1), scope="platform", repairs=1))

    migrate()

    assert figures("platform")["all"] == (8, 11, "300.75", 4)
    assert DailySales.objects.get(pk="platform:all").repairs == 1


def test_a_document_without_counters_moves_as_zeros():
    DailySales.documents.insert_one({"_id": "house:all", "scope": "house", "day": "all"})

    migrate()

    assert figures("platform") == {"all": (0, 0, "0.00", 0)}


def test_after_a_failure_nothing_is_lost_and_the_next_run_completes(old_scope: None):
    with failing("update", times=1, errorCode=NOT_TRANSIENT), pytest.raises(OperationFailure):
        migrate()
    assert sorted({**figures("house"), **figures("platform")}) == ["2026-03-01", "all"]

    migrate()

    assert figures("platform") == {"2026-03-01": DAY, "all": TOTAL}


@contextmanager
def additions(days: list[str]) -> Iterator[Counter[str]]:
    """Count the bookings that two workers add meanwhile: one to the new scope, one of the old version to the old."""
    stop, added = threading.Event(), Counter[str]()

    def add_to(scope: str) -> None:
        while not stop.is_set():
            sums = {(scope, day): Sales(bookings=1) for day in ("all", days[added[scope] % len(days)])}
            run_in_transaction(partial(rollups.add, sums), attempts=migration.ATTEMPTS)
            added[scope] += 1

    with ThreadPoolExecutor(2) as workers:
        running = [workers.submit(add_to, scope) for scope in ("platform", "house")]
        try:
            yield added
        finally:
            stop.set()
        for worker in running:
            worker.result()


def test_deliveries_in_the_meantime_count_once():
    days = [f"2026-03-{number:02d}" for number in range(1, 32)]
    DailySales.documents.insert_many([rollup(day, DAY) for day in [*days, "all"]])

    with additions(days) as added:
        for _ in range(5):
            migrate()
    migrate()

    after = figures("platform")
    assert (scopes(), len(added)) == ({"platform"}, 2)
    assert after["all"][0] == DAY[0] + added.total()
    assert sum(after[day][0] for day in days) == len(days) * DAY[0] + added.total()


@pytest.fixture
def before_the_migration() -> Iterator[None]:
    """The roll-ups as the old version had them."""
    call_command("migrate", "analytics", "0002", verbosity=0)
    yield
    call_command("migrate", "analytics", verbosity=0)


def test_migrate_keeps_all_figures_right(event: Event, customer: User, request: pytest.FixtureRequest):
    cancel(book(event, customer, day="2026-03-01", qty=3), day="2026-03-02")
    book(event, customer, day="2026-03-02")
    deliver()
    before = figures(PLATFORM)

    request.getfixturevalue("before_the_migration")
    assert (figures("house"), figures(PLATFORM)) == (before, {})
    call_command("migrate", "analytics", verbosity=0)

    assert (figures(PLATFORM), findings()) == (before, [])
