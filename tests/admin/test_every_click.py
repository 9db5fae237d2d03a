"""Whatever staff or strangers post to any page of the admin, seats, sales, money and states stay consistent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from bookings.models import Booking
from events.models import Event
from tests.support import factories
from tests.support.admin_client import browser_of, member_of
from tests.support.seat_ledger import findings

FORGED = {
    "status": "DRAFT", "hidden": "on", "available_seats": "99", "held_seats": "7", "tickets_sold": "0", "revenue": "1",
    "claims": "x", "qty": "9", "amount": "1", "unit_price": "1", "total_seats": "500", "price": "1", "version": "1",
    "is_superuser": "on", "is_staff": "on", "is_active": "", "role": "STAFF", "title": "Forged", "city": "Forged",
    "name": "Forged", "email": "forged@example.com", "post": "yes", "_save": "Save",
}  # fmt: skip
ROLES = ["Moderators", "Support", "nobody", "organizer", "customer"]
LEDGER = ("available_seats", "held_seats", "tickets_sold", "revenue", "total_seats", "price", "status", "hidden")


@pytest.fixture
def booked(event: Event, customer: User, other_customer: User) -> Event:
    factories.make_booking(event, customer, qty=2)
    factories.make_booking(event, other_customer, qty=3)
    return factories.reload(event)


def browser_as(role: str, request: pytest.FixtureRequest) -> Client:
    if role in ("Moderators", "Support"):
        return browser_of(member_of(role))
    return Client() if role == "nobody" else browser_of(request.getfixturevalue(role))


def pages() -> Iterator[str]:
    """Yield every address of the admin, with ids of stored objects in place of its parameters."""
    ids = {name: list(model.objects.values_list("pk", flat=True)[:3]) for name, model in models().items()}
    for route in routes(get_resolver().url_patterns):
        if route.startswith("admin/") and "logout" not in route and "jsi18n" not in route and "(?P" not in route:
            kind = route.removeprefix("admin/").split("/<", maxsplit=1)[0].strip("/")
            for pk in ids.get(kind, ids["events/event"]) if "<" in route else [""]:
                yield "/" + re.sub(r"<[^>]*>", str(pk), route)


def models() -> dict[str, Any]:
    return {f"{model._meta.app_label}/{model._meta.model_name}": model for model in admin.site._registry}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def ledger_fields(event: Event) -> dict[str, Any]:
    after = factories.reload(event)
    return {name: getattr(after, name) for name in LEDGER}


@pytest.mark.parametrize("role", ROLES)
def test_forged_forms_change_no_seats_and_no_bookings(booked: Event, role: str, request: pytest.FixtureRequest):
    browser, before = browser_as(role, request), ledger_fields(booked)
    bookings = list(Booking.objects.order_by("pk").values("pk", "status", "qty", "amount"))
    addresses = list(pages())

    statuses = {url: browser.post(url, FORGED).status_code for url in addresses}

    assert len(addresses) > 40
    assert max(statuses.values()) < 500, statuses
    assert (findings(), ledger_fields(booked)) == ([], before)
    assert list(Booking.objects.order_by("pk").values("pk", "status", "qty", "amount")) == bookings


@pytest.mark.parametrize("role", ROLES)
def test_list_actions_without_permission_change_no_seats(booked: Event, role: str, request: pytest.FixtureRequest):
    browser, before = browser_as(role, request), ledger_fields(booked)
    for kind, model in models().items():
        ids = list(model.objects.values_list("pk", flat=True))
        for action in ("delete_selected", "publish", "cancel", "resend", "block", "unblock", "nonsense"):
            form = {"action": action, "_selected_action": ids, "confirmed": "1", "reason": "OTHER", "text": "x"}
            assert browser.post(f"/admin/{kind}/", {**form, "select_across": "1", "post": "yes"}).status_code < 500
            assert browser.post(f"/admin/{kind}/", {**form, "post": "yes"}).status_code < 500

    assert (findings(), ledger_fields(booked)) == ([], before)
    assert set(Booking.objects.values_list("status", flat=True)) == {"CONFIRMED"}


@pytest.mark.parametrize(("role", "cancelled"), [("Moderators", 2), ("Support", 2), ("nobody", 0), ("organizer", 0)])
def test_cancelling_and_resending_keep_the_ledger_consistent(
    booked: Event, role: str, cancelled: int, request: pytest.FixtureRequest
):
    browser = browser_as(role, request)

    for booking in Booking.objects.all():
        for what in ("resend", "cancel", "cancel"):
            form = {"confirmed": "1", "reason": "OTHER", "text": "asked for it"}
            browser.post(f"/admin/bookings/booking/{booking.pk}/{what}/", form)

    assert Booking.objects.filter(status="CANCELLED").count() == cancelled
    assert findings() == []
    assert factories.reload(booked).tickets_sold == (0 if cancelled else 5)


@pytest.mark.parametrize("role", ["nobody", "organizer", "customer"])
def test_strangers_are_sent_to_the_login_from_every_page(booked: Event, role: str, request: pytest.FixtureRequest):
    browser = browser_as(role, request)

    answers = {url: browser.get(url) for url in pages() if not url.startswith("/admin/login")}

    assert {
        url: (answer.status_code, answer.headers.get("Location", "").split("?")[0]) for url, answer in answers.items()
    } == dict.fromkeys(answers, (302, "/admin/login/"))


@pytest.mark.parametrize("role", ["Moderators", "Support"])
def test_every_page_opens_redirects_or_is_forbidden(booked: Event, role: str, request: pytest.FixtureRequest):
    browser = browser_as(role, request)

    statuses = {url: browser.get(url).status_code for url in pages()}

    assert {url: status for url, status in statuses.items() if status not in (200, 302, 403)} == {}
