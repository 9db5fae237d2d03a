"""The official MongoDB backend, corrected in the places that notes in docs/decisions/0001 measure."""

import re
from typing import Any

from django.db.models import Index

from config.core.process_tuning import without_geography

with without_geography():
    from django_mongodb_backend import base
from django_mongodb_backend.operations import DatabaseOperations as StockOperations
from django_mongodb_backend.schema import DatabaseSchemaEditor as StockSchemaEditor
from pymongo.errors import PyMongoError
from pymongo.operations import IndexModel

COMMITS = 2  # the driver sends each twice, should the connection break


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

    def commit_mongo(self) -> None:
        """Commit once more where the answer was lost; let go of the session where that is no use either.

        Stock keeps a session whose commit failed. Every later transaction of the thread would then run in it, that is
        in none, and MongoDB would hold what the first one wrote for a minute.
        """
        for last in (False,) * (COMMITS - 1) + (True,):
            try:
                super().commit_mongo()
                return
            except PyMongoError as error:
                if last or not self.session or not error.has_error_label("UnknownTransactionCommitResult"):
                    self.forget_transaction()
                    raise

    def forget_transaction(self) -> None:
        self.run_on_commit: list[Any] = []
        if self.session:
            self._end_session()
