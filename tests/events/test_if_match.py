"""If-Match on PATCH and If-None-Match on GET."""

import pytest

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.bad_input import is_problem

URL = "/api/events"


def change(client, event: Event, condition: str):
    return client.patch(f"{URL}/{event.id}", {"title": "Blues Night"}, headers={"If-Match": condition})


def etag_of(client, event: Event) -> str:
    return client.get(f"{URL}/{event.id}")["ETag"]


@pytest.mark.parametrize("condition", ["{etag}", "*", "W/{etag}", '"other", {etag}', '{etag},W/"x"', " {etag} "])
def test_lets_the_current_version_through(event: Event, as_organizer, condition: str):
    assert change(as_organizer, event, condition.format(etag=etag_of(as_organizer, event))).status_code == 200


def test_refuses_a_version_that_was_changed_since(event: Event, as_organizer):
    etag = etag_of(as_organizer, event)
    as_organizer.patch(f"{URL}/{event.id}", {"venue": "Harbour Stage"})

    assert is_problem(change(as_organizer, event, etag), 412, "precondition_failed")
    assert factories.reload(event).title == "Jazz Night"


def test_a_booking_leaves_the_etag_valid_for_changes(event: Event, customer: User, as_organizer):
    etag = etag_of(as_organizer, event)
    factories.make_booking(event, customer)

    assert change(as_organizer, event, etag).status_code == 200


def test_the_etag_of_a_change_is_valid_for_the_next(event: Event, as_organizer):
    first = change(as_organizer, event, "*")

    assert first["ETag"] == etag_of(as_organizer, event)
    assert change(as_organizer, event, first["ETag"]).status_code == 200


@pytest.mark.parametrize("condition", ['"x"', '""', '"1"', '"-1.ab"', '"99999999999999999999.ab"', '"0.ab", "9.ab"'])
def test_a_tag_of_another_version_is_412(event: Event, as_organizer, condition: str):
    assert is_problem(change(as_organizer, event, condition), 412, "precondition_failed")


@pytest.mark.parametrize(
    "condition", ["", " ", "x", "W/", '"1.ab', '1.ab"', "2", ",", '"1.ab",', '"' * 3001, '*, "1.ab"']
)
def test_a_malformed_if_match_is_400(event: Event, as_organizer, condition: str):
    assert is_problem(change(as_organizer, event, condition), 400, "invalid")


@pytest.mark.parametrize("path", ["", "/{id}", "/me"])
@pytest.mark.parametrize("condition", ["{etag}", "W/{etag}", '"x", {etag}', "*"])
def test_if_none_match_with_the_current_etag_is_304(event: Event, as_organizer, path: str, condition: str):
    url = URL + path.format(id=event.id)
    first = as_organizer.get(url)

    response = as_organizer.get(url, headers={"If-None-Match": condition.format(etag=first["ETag"])})

    assert (response.status_code, response.content, response["ETag"]) == (304, b"", first["ETag"])


@pytest.mark.parametrize("condition", ["", "x", '"x"', '"x', "W/", ","])
def test_any_other_if_none_match_is_200(event: Event, anonymous, condition: str):
    assert anonymous.get(f"{URL}/{event.id}", headers={"If-None-Match": condition}).status_code == 200


@pytest.mark.parametrize(
    "header",
    [{"If-Match": '"x"'}, {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}],
    ids=lambda it: next(iter(it)),
)
def test_reads_ignore_other_conditions(event: Event, anonymous, header: dict[str, str]):
    assert anonymous.get(f"{URL}/{event.id}", headers=header).status_code == 200


def test_the_etag_changes_when_seats_do(event: Event, customer: User, anonymous):
    before = etag_of(anonymous, event)
    factories.make_booking(event, customer)

    response = anonymous.get(f"{URL}/{event.id}", headers={"If-None-Match": before})

    assert (response.status_code, response.json()["availableSeats"]) == (200, 9)


def test_the_owner_gets_another_etag_than_anyone_else(event: Event, as_organizer, anonymous):
    assert etag_of(as_organizer, event) != etag_of(anonymous, event)
