"""Rules that flag an event for review before anyone reports it; MODERATION_RULES names those that are on.

A rule returns a sentence for moderators that says what it found, or an empty string.
"""

import re
from collections.abc import Callable

from django.conf import settings

from events.models import Event
from events.text_folding import fold

Rule = Callable[[Event], str]

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
LINKS_SHOWN = 5


def check_words(event: Event) -> str:
    """Find whole words or phrases of MODERATION_WORDS, in any case, with or without accents."""
    text = fold(" ".join([event.title, event.description, event.venue, event.category, *event.tags]))
    found = [word for word in settings.MODERATION_WORDS if has_word(text, fold(word))]
    return f"It says: {', '.join(found)}." if found else ""


def has_word(text: str, word: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def check_price(event: Event) -> str:
    limit = settings.MODERATION_PRICE_LIMIT
    return f"A seat costs {event.price:,.2f}, above {limit:,}." if event.price > limit else ""


def check_size(event: Event) -> str:
    limit = settings.MODERATION_SIZE_LIMIT
    return f"It has {event.total_seats:,} seats, above {limit:,}." if event.total_seats > limit else ""


def check_first_event(event: Event) -> str:
    published = Event.objects.filter(organizer=event.organizer_id, status__in=ONCE_PUBLISHED)
    two = published.values_list("pk", flat=True)[:2]  # this event may be one of them
    return "" if any(pk != event.pk for pk in two) else "Its organizer has published nothing before."


def check_links(event: Event) -> str:
    links = LINK.findall(event.description)[:LINKS_SHOWN]
    return f"The description links to {', '.join(links)}." if links else ""


ONCE_PUBLISHED = (Event.Status.PUBLISHED, Event.Status.CANCELLED)
RULES: dict[str, Rule] = {
    "words": check_words,
    "price": check_price,
    "size": check_size,
    "first_event": check_first_event,
    "links": check_links,
}


def find_flags(event: Event) -> list[str]:
    """Return the names of the rules that are on and found something."""
    return [name for name in settings.MODERATION_RULES if RULES[name](event)]


def explain_flags(event: Event) -> list[str]:
    """Return a sentence for each flag of the event: what the rule finds now, or that it no longer applies."""
    return [RULES[name](event) or f"The rule “{name}” no longer applies." for name in event.flags if name in RULES]
