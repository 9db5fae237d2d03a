"""Who may open the moderation pages, and who may decide on them."""

import pytest
from django.test import Client

from accounts.models import User
from events.models import Event
from tests.support import factories
from tests.support.admin_client import browser_of, staff_with
from tests.support.moderation import QUEUE, WHY, post_decision

ACTIONS = ["approve", "hide", "restore", "cancel", "feature", "unfeature", "note"]


def test_staff_who_can_only_view_cannot_decide(event: Event, support: Client):
    for address in (QUEUE, f"{QUEUE}{event.pk}/"):
        assert 'name="action"' not in support.get(address).content.decode()
    for action in ACTIONS:
        assert post_decision(support, event, action, confirmed="1", **WHY).status_code == 403
    assert support.post(QUEUE, {"action": "approve", "chosen": f"{event.pk}:2:0"}).status_code == 403
    assert factories.reload(event).version == event.version


def test_staff_without_the_permission_get_403(event: Event):
    other = browser_of(staff_with("Otto Other", "view_booking"))

    for address in (QUEUE, f"{QUEUE}{event.pk}/", f"{QUEUE}next/", f"{QUEUE}{event.pk}/next/"):
        assert other.get(address).status_code == 403
    assert post_decision(other, event, "approve").status_code == 403


@pytest.mark.parametrize("who", ["organizer", "customer", "stranger"])
def test_users_who_are_not_staff_are_sent_to_the_login(request, event: Event, who: str):
    browser = browser_of(request.getfixturevalue(who))

    for address in (QUEUE, f"{QUEUE}{event.pk}/"):
        for response in (browser.get(address), browser.post(address, {"action": "approve"})):
            assert response["Location"].startswith("/admin/login/")
    assert factories.reload(event).version == event.version


def test_a_request_without_a_csrf_token_is_refused(event: Event, staff: User):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff)

    form = {"action": "approve", "version": event.version, "reports": 0}
    assert browser.post(f"{QUEUE}{event.pk}/", form).status_code == 403
    assert browser.post(QUEUE, {"action": "approve"}).status_code == 403


def test_the_pages_have_no_inline_scripts(event: Event, moderator: Client):
    for address in (QUEUE, f"{QUEUE}{event.pk}/"):
        page = moderator.get(address).content.decode()
        ours = page[page.index('<div class="mod">') :]
        assert " onclick=" not in ours
        assert "<script>" not in ours[: ours.index("</dialog>")]
