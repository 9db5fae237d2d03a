"""manage.py seed_demo."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from bookings.models import Booking
from events.models import Event
from journal.models import Entry
from tests.support.bad_input import is_problem
from tests.support.seat_ledger import findings


@pytest.fixture(autouse=True)
def development(settings):
    settings.DEBUG = True


def seed_demo(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_fills_an_empty_database_with_consistent_data():
    seed_demo()

    assert (User.objects.count(), Event.objects.count(), Booking.objects.count() > 50) == (10, 36, True)
    assert findings() == []
    assert set(Event.objects.values_list("status", flat=True)) == {"DRAFT", "PUBLISHED", "CANCELLED"}


def test_sends_no_mails_to_demo_customers():
    seed_demo()

    assert Entry.objects.filter(pending__contains=["mail"]).count() == 0


def test_the_printed_logins_work(anonymous):
    seed_demo()

    for line in seed_demo("--print-logins").splitlines():
        _, email, password = line.split()
        assert anonymous.post("/api/auth/login", {"email": email, "password": password}).status_code == 200


def test_refuses_or_does_nothing_if_there_are_users(customer: User):
    with pytest.raises(CommandError, match="empty one only"):
        seed_demo()
    seed_demo("--if-empty")

    assert (User.objects.count(), seed_demo("--print-logins")) == (1, "")


def test_refuses_in_production(settings, anonymous):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="public password"):
        seed_demo()

    login = {"email": "staff@demo.example", "password": "Demo-pass-2026"}
    assert is_problem(anonymous.post("/api/auth/login", login), 401, "bad_credentials")
