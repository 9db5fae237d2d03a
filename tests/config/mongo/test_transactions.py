"""Transactions are repeated when they lose a conflict, and survive lost responses to a commit."""

import itertools
import threading

import pytest
from django.db import DatabaseError, connection
from django.db.transaction import atomic as django_atomic
from django_mongodb_backend.transaction import on_commit
from pymongo.errors import PyMongoError

from config.core.errors import Unavailable
from config.mongo.transactions import run_in_transaction
from events.models import Event
from tests.support import factories
from tests.support.mongodb_commands import failing


def rename(event: Event, title: str) -> None:
    Event.objects.filter(pk=event.pk).update(title=title)


def test_the_result_of_the_work_is_returned(event: Event):
    assert run_in_transaction(lambda: 5) == 5


def test_a_transaction_inside_djangos_atomic_is_committed(event: Event):
    with django_atomic():
        run_in_transaction(lambda: rename(event, "Changed"))

        assert factories.reload(event).title == "Changed"


def test_an_error_rolls_everything_back(event: Event):
    def work() -> None:
        rename(event, "Changed")
        raise KeyError

    with pytest.raises(KeyError):
        run_in_transaction(work)

    assert factories.reload(event).title == "Jazz Night"


def test_work_that_lost_a_conflict_is_repeated(event: Event):
    attempts = []

    def work() -> None:
        attempts.append(Event.objects.get(pk=event.pk).title)
        if len(attempts) == 1:
            conflict(event, "Meanwhile")
        rename(event, "Mine")

    run_in_transaction(work)

    assert attempts == ["Jazz Night", "Meanwhile"]
    assert factories.reload(event).title == "Mine"


def test_after_all_attempts_nothing_is_written(event: Event):
    count = itertools.count()

    def work() -> None:
        Event.objects.get(pk=event.pk)
        conflict(event, f"Meanwhile {next(count)}")
        rename(event, "Mine")

    with pytest.raises(Unavailable):
        run_in_transaction(work, attempts=3)

    assert factories.reload(event).title == "Meanwhile 2"


def test_work_that_raised_an_error_is_not_repeated(event: Event):
    attempts = []

    def work() -> None:
        attempts.append(1)
        raise DatabaseError("mine")

    with pytest.raises(DatabaseError, match="mine"):
        run_in_transaction(work)

    assert attempts == [1]


LATE = {"code": 64, "errmsg": "waiting for replication timed out"}


@pytest.mark.parametrize(("times", "fault"), [(2, {"closeConnection": True}), (1, {"writeConcernError": LATE})])
def test_a_commit_whose_response_is_lost_is_sent_again(event: Event, times: int, fault: dict[str, object]):
    with failing("commitTransaction", times=times, **fault):
        run_in_transaction(lambda: rename(event, "Changed"))

    assert factories.reload(event).title == "Changed"


def test_the_next_transaction_after_a_failed_commit_can_roll_back(event: Event):
    with failing("commitTransaction", times=4, writeConcernError=LATE), pytest.raises(PyMongoError):
        run_in_transaction(lambda: rename(event, "Late"))

    def work() -> None:
        rename(event, "Changed")
        raise KeyError

    with pytest.raises(KeyError):
        run_in_transaction(work)

    assert factories.reload(event).title == "Late"


def test_hooks_of_a_failed_commit_do_not_run_with_the_next(event: Event):
    ran = []

    def work() -> None:
        rename(event, "Late")
        on_commit(lambda: ran.append("late"))

    with failing("commitTransaction", times=4, writeConcernError=LATE), pytest.raises(PyMongoError):
        run_in_transaction(work)
    run_in_transaction(lambda: rename(event, "Changed"))

    assert ran == []


def conflict(event: Event, title: str) -> None:
    """Change the event in a thread, which has its own connection."""

    def change() -> None:
        rename(event, title)

    thread = threading.Thread(target=change)
    thread.start()
    thread.join(20)
    assert connection.in_atomic_block_mongo
