"""Reports of customers in the admin: found by event and by customer, never edited."""

import pytest
from django.test import Client

from accounts.models import User
from config.core.clock import now
from events.models import Event, Report
from tests.support import factories
from tests.support.admin_client import browser_of, member_of

LIST = "/admin/events/report/"


@pytest.fixture
def mia() -> Client:
    return browser_of(member_of("Moderators"))


def report(event: Event, customer: User, text: str) -> Report:
    return Report.objects.create(event=event, customer=customer, reason="FRAUD", text=text, created_at=now())


def shown(browser: Client, query: str = "") -> list[str]:
    page = browser.get(f"{LIST}{query}")
    assert page.status_code == 200
    return [one.text for one in page.context["cl"].result_list]


def test_reports_are_listed_newest_first(mia: Client, event: Event, customer: User, other_customer: User):
    report(event, customer, "No band.")
    report(event, other_customer, "No hall.")

    assert shown(mia) == ["No hall.", "No band."]


def test_reports_are_found_by_event_customer_and_id(
    mia: Client, organizer: User, event: Event, customer: User, other_customer: User
):
    other = factories.make_published_event(organizer)
    first = report(event, customer, "No band.")
    report(other, other_customer, "No hall.")

    assert shown(mia, f"?q={event.pk}") == ["No band."]
    assert shown(mia, f"?q={other_customer.pk.lower()}") == ["No hall."]
    assert shown(mia, f"?q={first.pk}") == ["No band."]
    assert shown(mia, "?q=band") == []


def test_the_page_of_a_customer_links_to_their_reports(mia: Client, event: Event, customer: User):
    report(event, customer, "No band.")

    page = mia.get(f"/admin/accounts/user/{customer.pk}/change/").content.decode()

    assert f'href="{LIST}?q={customer.pk}"' in page


def test_changing_or_deleting_a_report_is_refused(mia: Client, event: Event, customer: User):
    made = report(event, customer, "No band.")
    superuser = browser_of(factories.make_user("Bo Boss", role="STAFF", is_staff=True, is_superuser=True))

    answers = [browser.post(f"{LIST}{made.pk}/{what}/", {"text": "x", "post": "yes"}).status_code
               for browser in (mia, superuser) for what in ("change", "delete")]  # fmt: skip

    assert answers == [403] * 4
    assert Report.objects.get().text == "No band."


@pytest.mark.parametrize("stranger", ["customer", "organizer"])
def test_organizers_and_customers_are_sent_to_the_login(request: pytest.FixtureRequest, stranger: str):
    assert browser_of(request.getfixturevalue(stranger)).get(LIST).status_code == 302
