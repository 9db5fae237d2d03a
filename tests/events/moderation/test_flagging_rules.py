"""Flagging rules: what each finds and does not find, and how to switch it."""

from decimal import Decimal
from typing import get_args

import pytest

from accounts.models import User
from config.env import ModerationRule
from events.models import Event
from events.moderation import flagging_rules
from tests.support import factories
from tests.support.moderation import decide, queue_of


def made(**fields: object) -> Event:
    return Event(**{"title": "Jazz Night", "price": Decimal(25), "total_seats": 10, "tags": [], **fields})


def test_every_rule_can_be_named_in_the_setting():
    assert list(flagging_rules.RULES) == list(get_args(ModerationRule))


@pytest.mark.parametrize("text", ["VIAGRA", "Buy víagra!", "cheap\nviagra", "western\n  union", "(Viagra)"])
def test_words_are_found_whole_in_any_case_and_with_accents(settings, text: str):
    settings.MODERATION_WORDS = ["Viagra", "western union"]

    assert flagging_rules.check_words(made(description=text)).startswith("It says: ")


@pytest.mark.parametrize("text", ["viagrant", "Northwestern union", "western reunion", ""])
def test_parts_of_words_are_not_found(settings, text: str):
    settings.MODERATION_WORDS = ["viagra", "western union", "", " "]

    assert flagging_rules.check_words(made(description=text)) == ""


@pytest.mark.parametrize("field", ["title", "description", "venue", "category"])
def test_words_are_found_in_every_text_field(settings, field: str):
    settings.MODERATION_WORDS = ["viagra"]

    assert flagging_rules.check_words(made(**{field: "viagra"})) == "It says: viagra."
    assert flagging_rules.check_words(made(tags=["viagra"])) == "It says: viagra."


def test_a_word_is_not_a_regular_expression(settings):
    settings.MODERATION_WORDS = ["a.c", "(", "c++"]

    assert flagging_rules.check_words(made(description="abc")) == ""
    assert flagging_rules.check_words(made(description="Learn C++ today")) == "It says: c++."


@pytest.mark.parametrize(("price", "found"), [("1000.00", ""), ("1000.01", "A seat costs 1,000.01, above 1,000.")])
def test_a_price_above_the_limit_is_found(settings, price: str, found: str):
    settings.MODERATION_PRICE_LIMIT = Decimal(1000)

    assert flagging_rules.check_price(made(price=Decimal(price))) == found


@pytest.mark.parametrize(("seats", "found"), [(20_000, ""), (20_001, "It has 20,001 seats, above 20,000.")])
def test_a_size_above_the_limit_is_found(settings, seats: int, found: str):
    settings.MODERATION_SIZE_LIMIT = 20_000

    assert flagging_rules.check_size(made(total_seats=seats)) == found


@pytest.mark.parametrize("text", ["See https://x.example/a?b", "at WWW.x.example", "http://1.1.1.1"])
def test_links_in_the_description_are_found(text: str):
    assert flagging_rules.check_links(made(description=text)).startswith("The description links to ")


def test_no_link_is_found_in_a_description_without_any():
    assert flagging_rules.check_links(made(description="www and http are words; write to me@x.example")) == ""


def test_only_an_organizers_first_published_event_is_flagged(settings, organizer: User, stranger: User):
    settings.MODERATION_RULES = ["first_event"]
    factories.make_published_event(stranger)
    factories.make_event(organizer)

    first, second = (factories.make_published_event(organizer) for _ in range(2))

    assert (first.flags, second.flags) == (["first_event"], [])


def test_a_flagged_event_is_queued_as_new_and_flagged(settings, organizer: User):
    settings.MODERATION_RULES, settings.MODERATION_WORDS = ["words", "price", "links"], ["viagra"]

    event = factories.make_published_event(organizer, description="viagra at www.x.example")

    assert (event.queue, event.flags) == (["new", "flagged"], ["words", "links"])


def test_a_rule_that_is_off_flags_nothing(settings, organizer: User):
    settings.MODERATION_RULES = ["price"]

    assert factories.make_published_event(organizer, description="www.x.example").flags == []


def test_more_seats_queue_an_event_only_above_the_limit(settings, approved: Event, as_organizer):
    settings.MODERATION_RULES, settings.MODERATION_SIZE_LIMIT = ["size"], 50

    as_organizer.patch(f"/api/events/{approved.id}", {"totalSeats": 50})
    before = queue_of(approved)
    as_organizer.patch(f"/api/events/{approved.id}", {"totalSeats": 51})

    assert (before, queue_of(approved)) == ([], ["flagged"])


def test_a_reviewed_flag_does_not_queue_the_event_again(settings, organizer: User, staff: User, as_organizer):
    settings.MODERATION_RULES = ["links"]
    event = factories.make_published_event(organizer, description="www.x.example")
    decide("approve", event, staff)

    as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"})

    assert queue_of(event) == ["changed"]
    assert flagging_rules.explain_flags(factories.reload(event)) == ["The description links to www.x.example."]
