"""Aggregation pipelines that MongoDB can serve from an index.

Works on the private parts of django-mongodb-backend 5.2.4, which requirements/base.in therefore pins;
tests/config/mongo/test_engine.py proves each rewrite with ``explain()``.
"""

from itertools import pairwise
from typing import Any

from django_mongodb_backend import compiler as stock
from django_mongodb_backend.query import MongoQuery

Stage = dict[str, Any]
HOISTED = {"$match", "$sort", "$skip", "$limit"}


class IndexedQuery(MongoQuery):
    extra_fields: Stage | None

    def get_pipeline(self) -> list[Stage]:
        self.drop_identity_fields()
        if self.can_hoist():
            rest = [stage for stage in super().get_pipeline() if not HOISTED & stage.keys()]
            return self.head() + rest
        return sort_before_project(super().get_pipeline())

    def drop_identity_fields(self) -> None:
        """Leave out assignments of a column to itself, which the stock backend makes: they prevent a sort by index."""
        if self.extra_fields:
            self.extra_fields = {
                name: value for name, value in self.extra_fields.items() if value != f"${name}"
            } or None

    def can_hoist(self) -> bool:
        """Tell whether filter, sort and slice may run before the ``$lookup`` stages of select_related()."""
        if not self.lookup_pipeline or self.does_more_than_join():
            return False
        columns = {field.column for field in self.query.get_meta().local_fields}
        roots = touched_roots(self.match_mql)
        return roots is not None and roots <= columns and set(self.ordering or {}) <= columns

    def does_more_than_join(self) -> bool:
        parts = (self.subqueries, self.aggregation_pipeline, self.extra_fields, self.combinator_pipeline)
        rest = (self.search_pipeline, self.subquery_lookup, self.query.distinct, self.project_fields)
        return any(parts) or any(rest)

    def head(self) -> list[Stage]:
        low, high = self.query.low_mark, self.query.high_mark
        stages: list[Stage | None] = [
            {"$match": self.match_mql} if self.match_mql else None,
            {"$sort": self.ordering} if self.ordering else None,
            {"$skip": low} if low else None,
            {"$limit": high - low} if high is not None else None,
        ]
        return [stage for stage in stages if stage]


def sort_before_project(pipeline: list[Stage]) -> list[Stage]:
    """Swap a plain inclusion ``$project`` with the ``$sort`` after it, if it includes the sort keys."""
    for position, (project, sort) in enumerate(pairwise(pipeline)):
        if (
            "$project" in project
            and "$sort" in sort
            and all(project["$project"].get(key) == 1 for key in sort["$sort"])
        ):
            pipeline[position : position + 2] = [sort, project]
    return pipeline


def touched_roots(mql: Stage) -> set[str] | None:
    """Return the top-level fields that a ``$match`` reads; None if they are unknown (``$expr``)."""
    roots: set[str] = set()
    for key, value in mql.items():
        if key in ("$and", "$or", "$nor"):
            inner = [touched_roots(part) for part in value]
            if None in inner:
                return None
            roots.update(*inner)  # type: ignore[arg-type]  # None was ruled out one line above
        elif key.startswith("$"):
            return None
        else:
            roots.add(key.split(".")[0])
    return roots


class SQLCompiler(stock.SQLCompiler):
    query_class = IndexedQuery


class SQLAggregateCompiler(stock.SQLAggregateCompiler):
    query_class = IndexedQuery


SQLInsertCompiler = stock.SQLInsertCompiler
SQLDeleteCompiler = stock.SQLDeleteCompiler
SQLUpdateCompiler = stock.SQLUpdateCompiler
