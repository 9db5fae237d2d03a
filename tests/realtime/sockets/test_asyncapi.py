"""/api/asyncapi: the AsyncAPI document of the sockets."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from realtime.notifications.messages import NOTIFICATIONS
from realtime.sockets.asyncapi import broken_references, build_document


def test_anyone_can_read_the_document(anonymous):
    response = anonymous.get("/api/asyncapi")

    assert (response.status_code, response.json()["asyncapi"]) == (200, "3.0.0")
    assert response.json() == build_document()


def test_the_document_has_every_message(anonymous):
    documented = set(build_document()["channels"]["feed"]["messages"])

    assert documented == {
        *NOTIFICATIONS, "ready", "notifications.skipped", "event.availability", "closing",
        "watch", "unwatch", "ack",
    }  # fmt: skip


def test_no_reference_is_broken():
    assert broken_references(build_document()) == []


def test_broken_references_are_found():
    assert broken_references({"a": {"$ref": "#/b/c"}, "d": {"$ref": "#/a"}}) == ["#/b/c"]


def test_a_booking_has_all_required_members():
    schemas = build_document()["components"]["schemas"]

    assert set(schemas["BookingCreated"]["required"]) == {
        "eventId", "eventTitle", "bookingId", "qty", "amount", "customerName", "availableSeats",
    }  # fmt: skip


def test_the_command_fails_on_a_notification_without_a_shape(monkeypatch: pytest.MonkeyPatch):
    call_command("asyncapi", stdout=StringIO())
    monkeypatch.delitem(NOTIFICATIONS, "booking.created")

    with pytest.raises(CommandError, match=r"booking\.created has no shape"):
        call_command("asyncapi", stdout=StringIO())
