"""Rules: what each finds, what it passes over, and how it is switched."""

from decimal import Decimal
from typing import get_args

import pytest

from accounts.models import User
from config.env import ModerationRule
from events.models import Event
from events.moderation import flagging_rules as rules
from tests.events.moderation.conftest import decide, queue_of
from tests.support import factories


def made(**fields: object) -> Event:
    return Event(**{"title": "Jazz Night", "price": Decimal(25), "total_seats": 10, "tags": [], **fields})


def test_every_rule_has_a_switch():
    assert list(rules.RULES) == list(get_args(ModerationRule))


@pytest.mark.parametrize("text", ["VIAGRA", "Buy víagra!", "cheap\nviagra", "western\n  union", "(Viagra)"])
def test_words_are_found_whole_in_any_case_and_with_accents(settings, text: str):
    settings.MODERATION_WORDS = ["Viagra", "western union"]

    assert rules.check_words(made(description=text)).startswith("It says: ")


@pytest.mark.parametrize("text", ["viagrant", "Northwestern union", "western reunion", ""])
def test_parts_of_words_are_not(settings, text: str):
    settings.MODERATION_WORDS = ["viagra", "western union", "", " "]

    assert rules.check_words(made(description=text)) == ""


@pytest.mark.parametrize("field", ["title", "description", "venue", "category"])
def test_words_are_looked_for_wherever_people_read(settings, field: str):
    settings.MODERATION_WORDS = ["viagra"]

    assert rules.check_words(made(**{field: "viagra"})) == "It says: viagra."
    assert rules.check_words(made(tags=["viagra"])) == "It says: viagra."


def test_a_word_is_no_pattern(settings):
    settings.MODERATION_WORDS = ["a.c", "(", "c++"]

    assert rules.check_words(made(description="abc")) == ""
    assert rules.check_words(made(description="Learn C++ today")) == "It says: c++."


@pytest.mark.parametrize(("price", "found"), [("1000.00", ""), ("1000.01", "A seat costs 1,000.01, above 1,000.")])
def test_a_price_above_the_limit(settings, price: str, found: str):
    settings.MODERATION_PRICE_LIMIT = Decimal(1000)

    assert rules.check_price(made(price=Decimal(price))) == found


@pytest.mark.parametrize(("seats", "found"), [(20_000, ""), (20_001, "It has 20,001 seats, above 20,000.")])
def test_a_size_above_the_limit(settings, seats: int, found: str):
    settings.MODERATION_SIZE_LIMIT = 20_000

    assert rules.check_size(made(total_seats=seats)) == found


@pytest.mark.parametrize("text", ["See https://x.example/a?b", "at WWW.x.example", "http://1.1.1.1"])
def test_links_in_the_description(text: str):
    assert rules.check_links(made(description=text)).startswith("The description links to ")


def test_no_link_is_found_where_there_is_none():
    assert rules.check_links(made(description="www and http are words; write to me@x.example")) == ""


def test_the_first_event_that_an_organizer_publishes(settings, organizer: User, stranger: User):
    settings.MODERATION_RULES = ["first_event"]
    factories.make_published_event(stranger)
    factories.make_event(organizer)

    first, second = (factories.make_published_event(organizer) for _ in range(2))

    assert (first.flags, second.flags) == (["first_event"], [])


def test_flags_put_an_event_in_the_queue_with_its_publishing(settings, organizer: User):
    settings.MODERATION_RULES, settings.MODERATION_WORDS = ["words", "price", "links"], ["viagra"]

    event = factories.make_published_event(organizer, description="viagra at www.x.example")

    assert (event.queue, event.flags) == (["new", "flagged"], ["words", "links"])


def test_a_rule_that_is_switched_off_finds_nothing(settings, organizer: User):
    settings.MODERATION_RULES = ["price"]

    assert factories.make_published_event(organizer, description="www.x.example").flags == []


def test_more_seats_are_no_news_unless_a_rule_says_so(settings, approved: Event, as_organizer):
    settings.MODERATION_RULES, settings.MODERATION_SIZE_LIMIT = ["size"], 50

    as_organizer.patch(f"/api/events/{approved.id}", {"totalSeats": 50})
    before = queue_of(approved)
    as_organizer.patch(f"/api/events/{approved.id}", {"totalSeats": 51})

    assert (before, queue_of(approved)) == ([], ["flagged"])


def test_what_a_moderator_saw_is_not_flagged_again(settings, organizer: User, staff: User, as_organizer):
    settings.MODERATION_RULES = ["links"]
    event = factories.make_published_event(organizer, description="www.x.example")
    decide("approve", event, staff)

    as_organizer.patch(f"/api/events/{event.id}", {"title": "Blues Night"})

    assert queue_of(event) == ["changed"]
    assert rules.explain_flags(factories.reload(event)) == ["The description links to www.x.example."]
