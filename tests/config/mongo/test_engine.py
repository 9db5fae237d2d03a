"""config/mongo: each correction of the stock backend, proved by explain() or by what the stock backend does."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from bson import json_util
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django_mongodb_backend import compiler as stock_compiler

from accounts.models import User
from config.mongo import compiler
from events.models import Event
from tests.support import factories


def winning_plan(queryset: QuerySet[Any]) -> str:
    plan = json_util.loads(queryset.explain(verbosity="queryPlanner"))
    cursor = plan["stages"][0]["$cursor"] if "stages" in plan else plan
    return json_util.dumps(cursor["queryPlanner"]["winningPlan"])


@pytest.fixture
def stock_engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The negative control: pipelines of the stock backend."""
    monkeypatch.setattr(connection.ops, "compiler_module", stock_compiler.__name__)
    connection.ops._cache = None
    yield
    monkeypatch.undo()
    connection.ops._cache = importlib.import_module(compiler.__name__)


@pytest.mark.parametrize("order", ["created_at", "-created_at"])
def test_order_by_uses_an_index(event: Event, order: str):
    plan = winning_plan(Event.objects.order_by(order, order.replace("created_at", "id"))[:20])

    assert "IXSCAN" in plan
    assert '"stage": "SORT"' not in plan


def test_the_stock_engine_sorts_in_memory(event: Event, stock_engine: None):
    assert "COLLSCAN" in winning_plan(Event.objects.order_by("-created_at", "-id")[:20])


def test_a_user_is_found_by_an_index_on_email(customer: User):
    plan = winning_plan(User.objects.filter(email=customer.email))

    assert "COLLSCAN" not in plan
    assert '"email": 1' in plan


def test_an_event_is_found_by_id_without_a_scan(event: Event):
    assert "COLLSCAN" not in winning_plan(Event.objects.filter(pk=event.pk))


def test_a_session_is_found_by_an_index():
    from django.contrib.sessions.models import Session

    assert "COLLSCAN" not in winning_plan(Session.objects.filter(pk="x"))


@pytest.mark.parametrize("pattern", [".*", "^", "P.ne", "(", "[", "Pune|x", "\\"])
def test_iexact_matches_its_value_as_text(event: Event, pattern: str):
    assert Event.objects.filter(city__iexact=pattern).count() == 0


def test_iexact_ignores_case(event: Event):
    assert Event.objects.filter(city__iexact="pUNE").count() == 1


def test_iexact_without_escaping_matches_everything_or_fails(event: Event, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connection.ops, "prep_for_iexact_query", str)

    assert Event.objects.filter(city__iexact=".*").count() == 1
    with pytest.raises(DatabaseError) as raised:
        Event.objects.filter(city__iexact="(").count()
    assert "Regular expression is invalid" in str(raised.value.__cause__ or raised.value)


def stages(queryset: QuerySet[Any]) -> list[str]:
    """Return the names of the stages that are sent to MongoDB."""
    with CaptureQueriesContext(connection) as queries:
        list(queryset)
    return re.findall(r"'(\$(?:match|sort|skip|limit|lookup))'", queries[0]["sql"])


def test_select_related_joins_after_the_slice():
    sent = stages(Event.objects.with_organizer().filter(city="Pune").order_by("-created_at")[5:10])

    assert sent == ["$match", "$sort", "$skip", "$limit", "$lookup"]


def test_the_stock_engine_joins_first(stock_engine: None):
    sent = stages(Event.objects.with_organizer().order_by("-created_at")[:10])

    assert sent.index("$lookup") < sent.index("$limit")


def test_a_filter_on_the_joined_model_keeps_the_join_first(event: Event):
    found = Event.objects.with_organizer().filter(organizer__name="Olga Organizer").order_by("title")[:1]

    assert [one.pk for one in found] == [event.pk]


def test_joining_before_or_after_the_slice_gives_the_same_page(organizer: User, stranger: User):
    for number in range(12):
        factories.make_event((organizer, stranger)[number % 2], title=f"Event {number:02d}")

    page = Event.objects.with_organizer().order_by("title")[4:9]

    assert [(one.title, one.organizer.name) for one in page] == [
        (one.title, User.objects.get(pk=one.organizer_id).name) for one in Event.objects.order_by("title")[4:9]
    ]
