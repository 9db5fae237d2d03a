"""Panels: what the apps above show about an object on its admin page. They register; the page asks them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, leading to the list behind it."""

    label: str
    value: str
    link: str = ""
    note: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    figures: Sequence[Figure]


MakePanel = Callable[[HttpRequest, Any], Panel | None]

PANELS: dict[str, list[MakePanel]] = {}


def register(kind: str, make: MakePanel) -> None:
    """Show a panel on the pages of a kind of object (``accounts.user``); None where it has nothing to say."""
    PANELS.setdefault(kind, []).append(make)


def panels_of(kind: str, request: HttpRequest, found: Any) -> list[Panel]:
    made = (make(request, found) for make in PANELS.get(kind, []))
    return [panel for panel in made if panel is not None]


def in_currency(amount: Decimal) -> str:
    """Return money as people read it; the API writes it as a plain decimal."""
    return f"{amount:,.2f} {settings.CURRENCY}"


def count_up_to(limit: int, found: QuerySet[Any]) -> str:
    """Count what was found, and stop at a limit: the cost does not follow the size of the collection."""
    return bounded(found[:limit].count(), limit)


def bounded(count: int, limit: int) -> str:
    """Return a count that was stopped at a limit, as people read it."""
    return f"{limit:,} or more" if count >= limit else f"{count:,}"
