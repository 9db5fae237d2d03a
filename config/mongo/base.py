"""The official MongoDB backend, corrected in the four places that notes in docs/decisions/0001 measure."""

import re
from typing import Any

from django.db.models import Index
from django_mongodb_backend import base
from django_mongodb_backend.operations import DatabaseOperations as StockOperations
from django_mongodb_backend.schema import DatabaseSchemaEditor as StockSchemaEditor
from pymongo.operations import IndexModel


class DatabaseOperations(StockOperations):
    compiler_module = "config.mongo.compiler"

    def prep_for_iexact_query(self, x: object) -> str:
        """Escape the value: stock puts it into ``^...$`` as it is, so ``.*`` matches every document."""
        return re.escape(str(x))


class DatabaseSchemaEditor(StockSchemaEditor):
    def add_index(self, model: Any, index: Index, *, field: Any = None, unique: bool = False, **kwargs: Any) -> None:
        """Give NOT NULL unique fields a plain unique index.

        Stock adds ``partialFilterExpression: {$type: ...}``, which the planner never picks for an equality,
        so that ``User.objects.get(email=...)`` scans the collection.
        """
        embedded = kwargs.get("column_prefix") or kwargs.get("parent_model")
        fields = [field] if field else [model._meta.get_field(name) for name, _ in index.fields_orders]
        if not unique or embedded or index.condition is not None or any(f.null for f in fields):
            super().add_index(model, index, field=field, unique=unique, **kwargs)
            return
        keys = [(f.column, 1) for f in fields]
        self.get_collection(model._meta.db_table).create_indexes([IndexModel(keys, name=index.name, unique=True)])


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    def validate_no_atomic_block(self) -> None:
        """Allow commit hooks inside Django's own ``atomic()``.

        That one means nothing on MongoDB, but the admin wraps its views in it, and a real transaction inside
        could not run its hooks.
        """
