"""Inserting documents that may be stored already."""

from collections.abc import Mapping

import pytest
from django.db import connection
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError

from config.mongo.duplicates import insert_ignoring_duplicates

Numbers = Collection[Mapping[str, object]]


@pytest.fixture
def numbers() -> Numbers:
    connection.ensure_connection()
    found = connection.database["test_numbers"]
    found.insert_one({"_id": 2, "kept": True})
    return found


def test_a_duplicate_is_left_out_and_the_others_are_inserted(numbers: Numbers):
    insert_ignoring_duplicates(numbers, [{"_id": 1}, {"_id": 2, "kept": False}, {"_id": 3}])

    assert list(numbers.find().sort("_id")) == [{"_id": 1}, {"_id": 2, "kept": True}, {"_id": 3}]


def test_another_error_beside_a_duplicate_is_raised(numbers: Numbers):
    with pytest.raises(BulkWriteError):
        insert_ignoring_duplicates(numbers, [{"_id": 2}, {"_id": ["no", "id"]}])


def test_a_missing_majority_confirmation_is_raised(numbers: Numbers):
    unconfirmed = numbers.with_options(write_concern=WriteConcern(w=5, wtimeout=1))

    with pytest.raises(BulkWriteError):
        insert_ignoring_duplicates(unconfirmed, [{"_id": 1}, {"_id": 2}])
