"""Panels: what the apps show about an object on its admin page. Apps register functions that make panels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its label, as text; ``link`` leads to the list that it counts."""

    label: str
    value: str
    link: str = ""
    note: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    figures: Sequence[Figure]


MakePanel = Callable[[HttpRequest, Any], Panel | None]  # the second argument is an object of the registered model

PANELS: dict[str, list[MakePanel]] = {}  # by model, such as ``accounts.user``


def register(model: str, make_panel: MakePanel) -> None:
    """Show a panel on the pages of a model (``accounts.user``); ``make_panel`` returns None to show none."""
    PANELS.setdefault(model, []).append(make_panel)


def panels_of(model: str, request: HttpRequest, found: Model) -> list[Panel]:
    panels = (make_panel(request, found) for make_panel in PANELS.get(model, []))
    return [panel for panel in panels if panel is not None]


def in_currency(amount: Decimal) -> str:
    """Return money for people; the API writes it as a plain decimal."""
    return f"{amount:,.2f} {settings.CURRENCY}"


def count_up_to(limit: int, found: QuerySet[Model]) -> str:
    """Count at most ``limit`` objects, so that the cost does not grow with the collection."""
    return bounded(found[:limit].count(), limit)


def bounded(count: int, limit: int) -> str:
    """Return a count that stopped at a limit, for people."""
    return f"{limit:,} or more" if count >= limit else f"{count:,}"
