"""Every filter and every order of the lists is served by an index, at the size of a real installation."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bson import json_util
from bson.decimal128 import Decimal128
from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from accounts.models import User
from config.clock import now
from events.filters import EventFilter, OwnEventFilter
from events.models import Event, fold, words_of

EVENTS = 3000
CITIES = [f"City {number}" for number in range(100)]


@pytest.fixture
def many(organizer: User) -> None:
    moment = now()
    documents = [document(number, organizer.pk, moment) for number in range(EVENTS)]
    connection.database["events_event"].insert_many(documents)


def document(number: int, organizer: str, moment: Any) -> dict[str, Any]:
    city, title = CITIES[number % 100], f"Event {number} word{number % 150}"
    tags = [f"tag {number % 100}", f"tag {number % 90}"]
    fields: dict[str, Any] = {field.column: None for field in Event._meta.local_fields}
    return fields | {
        "_id": f"EVT-{number:08d}", "organizer_id": organizer, "title": title, "city": city, "city_key": fold(city),
        "title_key": fold(title), "category": f"c{number % 100}", "category_key": f"c{number % 100}", "tags": tags,
        "tag_keys": tags, "words": words_of(title), "starts_at": moment + timedelta(hours=number + 1), "hidden": False,
        "status": "DRAFT" if number % 10 == 0 else "PUBLISHED", "price": Decimal128(Decimal(number % 1000)),
        "revenue": Decimal128("0"), "available_seats": 5, "total_seats": 5, "held_seats": 0, "tickets_sold": number % 7,
        "created_at": moment - timedelta(minutes=number), "updated_at": moment, "version": 1,
    }  # fmt: skip


def explain(queryset: QuerySet[Event]) -> tuple[str, int]:
    """Return the winning plan as text and how many documents a page of 20 made MongoDB look at."""
    plan = json_util.loads(queryset[:20].explain(verbosity="executionStats"))
    cursor = plan["stages"][0]["$cursor"] if "stages" in plan else plan
    return json_util.dumps(cursor["queryPlanner"]["winningPlan"]), cursor["executionStats"]["totalDocsExamined"]


def public(query: str) -> QuerySet[Event]:
    return EventFilter(QueryDict(query), Event.objects.listed().with_organizer()).qs


@pytest.mark.parametrize(
    "query",
    ["", "sort=-date", "sort=price", "sort=-price", "sort=title", "sort=-title", "sort=createdAt", "sort=-createdAt",
     "sort=popularity", "sort=-popularity", "city=city 7", "city=city 7&sort=-date", "category=c7", "tags=tag 7",
     "q=word149", "priceMin=990&sort=price", "available=true", "tags=tag 7,tag 8&tagsMode=all",
     "city=city 7&tags=tag 7"],
)  # fmt: skip
def test_a_page_of_the_list_looks_at_few_documents(many: None, query: str):
    plan, examined = explain(public(query))

    assert "COLLSCAN" not in plan
    assert "IXSCAN" in plan
    assert examined <= 120, plan


@pytest.mark.parametrize("key", ["date", "price", "title", "createdAt", "popularity"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_no_order_is_sorted_in_memory(many: None, key: str, sign: str):
    plan, _ = explain(public(f"sort={sign}{key}"))

    assert '"stage": "SORT"' not in plan


@pytest.mark.parametrize("query", ["", "status=DRAFT", "sort=-createdAt", "status=PUBLISHED&sort=title"])
def test_an_organizers_own_list_uses_an_index(many: None, organizer: User, query: str):
    own: Callable[..., Any] = Event.objects.of
    plan, _ = explain(OwnEventFilter(QueryDict(query), own(organizer.as_caller())).qs)

    assert "COLLSCAN" not in plan
    assert "IXSCAN" in plan
