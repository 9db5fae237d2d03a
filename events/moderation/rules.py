"""What makes an event worth a look before anyone complains. Each rule is switched by its name in MODERATION_RULES.

A rule returns what it found, as a moderator reads it, or an empty string.
"""

import re
from collections.abc import Callable

from django.conf import settings

from events.models import Event
from events.text_folding import fold

Rule = Callable[[Event], str]

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
LINKS_SHOWN = 5


def find_words(event: Event) -> str:
    """Whole words or phrases of MODERATION_WORDS, in any case, with or without accents."""
    text = fold(" ".join([event.title, event.description, event.venue, event.category, *event.tags]))
    found = [word for word in settings.MODERATION_WORDS if has_word(text, fold(word))]
    return f"It says: {', '.join(found)}." if found else ""


def has_word(text: str, word: str) -> bool:
    return bool(word) and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def judge_price(event: Event) -> str:
    limit = settings.MODERATION_PRICE_LIMIT
    return f"A seat costs {event.price:,.2f}, above {limit:,}." if event.price > limit else ""


def judge_size(event: Event) -> str:
    limit = settings.MODERATION_SIZE_LIMIT
    return f"It has {event.total_seats:,} seats, above {limit:,}." if event.total_seats > limit else ""


def is_first_event(event: Event) -> str:
    """Two ids from an index tell."""
    on_sale = Event.objects.filter(organizer=event.organizer_id, status__in=ONCE_PUBLISHED)
    others = [pk for pk in on_sale.values_list("pk", flat=True)[:2] if pk != event.pk]
    return "" if others else "Its organizer has published nothing before."


def find_links(event: Event) -> str:
    links = LINK.findall(event.description)[:LINKS_SHOWN]
    return f"The description links to {', '.join(links)}." if links else ""


ONCE_PUBLISHED = (Event.Status.PUBLISHED, Event.Status.CANCELLED)
RULES: dict[str, Rule] = {
    "words": find_words,
    "price": judge_price,
    "size": judge_size,
    "first_event": is_first_event,
    "links": find_links,
}


def flags_of(event: Event) -> list[str]:
    """Return the names of the rules in force that found something."""
    return [name for name in settings.MODERATION_RULES if RULES[name](event)]


def explained(event: Event) -> list[str]:
    """Return what the rules that flagged the event find in it now; a rule that no longer does names itself."""
    return [RULES[name](event) or f"The rule “{name}” no longer applies." for name in event.flags if name in RULES]
