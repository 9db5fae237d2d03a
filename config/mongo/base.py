"""The official MongoDB backend with corrections; docs/decisions/0001 measures why each is needed."""

import re
from typing import cast

from django.db.models import Field, Index, Model

from config.core.process_tuning import without_geography

with without_geography():
    from django_mongodb_backend import base
from django_mongodb_backend.operations import DatabaseOperations as StockOperations
from django_mongodb_backend.schema import DatabaseSchemaEditor as StockSchemaEditor
from pymongo.errors import PyMongoError
from pymongo.operations import IndexModel

COMMITS = 2  # attempts; the driver sends each one twice if the connection breaks


class DatabaseOperations(StockOperations):
    compiler_module = "config.mongo.compiler"

    def prep_for_iexact_query(self, x: object) -> str:
        """Escape the value: the stock backend does not, so that ``.*`` would match every document."""
        return re.escape(str(x))


class DatabaseSchemaEditor(StockSchemaEditor):
    def add_index(
        self,
        model: type[Model],
        index: Index,
        *,
        field: "Field[object, object] | None" = None,
        unique: bool = False,
        **kwargs: object,
    ) -> None:
        """Give NOT NULL unique fields a plain unique index.

        The stock backend adds ``partialFilterExpression: {$type: ...}``. The planner never uses such an index for an
        equality, so that ``User.objects.get(email=...)`` would scan the collection.
        """
        embedded = kwargs.get("column_prefix") or kwargs.get("parent_model")
        named = (model._meta.get_field(name) for name, _ in index.fields_orders)
        fields = [field] if field else [cast("Field[object, object]", found) for found in named]
        if not unique or embedded or index.condition is not None or any(f.null for f in fields):
            super().add_index(model, index, field=field, unique=unique, **kwargs)
            return
        keys = [(str(f.column), 1) for f in fields]
        self.get_collection(model._meta.db_table).create_indexes([IndexModel(keys, name=index.name, unique=True)])


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
    SchemaEditorClass = DatabaseSchemaEditor

    def validate_no_atomic_block(self) -> None:
        """Allow commit hooks inside Django's own ``atomic()``.

        It does nothing on MongoDB, but the admin wraps its views in it, and a real transaction inside it could not run
        its hooks.
        """

    def commit_mongo(self) -> None:
        """Commit once more if the response was lost; end the session if that fails too.

        The stock backend keeps a session whose commit failed. Every later transaction of the thread would run in that
        session without being a transaction, and MongoDB would keep the writes of the first one locked for a minute.
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
        self.run_on_commit: list[object] = []
        if self.session:
            self._end_session()
