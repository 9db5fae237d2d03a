"""/api/asyncapi: the document of the sockets."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from realtime.sockets import asyncapi, messages


def test_anyone_reads_it(anonymous):
    response = anonymous.get("/api/asyncapi")

    assert (response.status_code, response.json()["asyncapi"]) == (200, "3.0.0")
    assert response.json() == asyncapi.document()


def test_it_has_every_message(anonymous):
    named = set(asyncapi.document()["channels"]["feed"]["messages"])

    assert named == {
        *messages.NOTIFICATIONS, "ready", "notifications.skipped", "event.availability", "closing",
        "watch", "unwatch", "ack",
    }  # fmt: skip


def test_its_references_lead_somewhere():
    assert asyncapi.dangling(asyncapi.document()) == []


def test_a_reference_that_does_not_is_named():
    assert asyncapi.dangling({"a": {"$ref": "#/b/c"}, "d": {"$ref": "#/a"}}) == ["#/b/c"]


def test_a_booking_says_what_it_is_about():
    schemas = asyncapi.document()["components"]["schemas"]

    assert set(schemas["BookingCreated"]["required"]) == {
        "eventId", "eventTitle", "bookingId", "qty", "amount", "customerName", "availableSeats",
    }  # fmt: skip


def test_lint_fails_on_a_type_without_a_shape(monkeypatch: pytest.MonkeyPatch):
    call_command("asyncapi", stdout=StringIO())
    monkeypatch.delitem(messages.NOTIFICATIONS, "booking.created")

    with pytest.raises(CommandError, match=r"booking\.created has no shape"):
        call_command("asyncapi", stdout=StringIO())
