"""A lookup that the backend lacks: an array with an element that begins so."""

import re
from typing import Any

from django.db.models import Lookup
from django_mongodb_backend.fields import ArrayField


@ArrayField.register_lookup
class HasPrefix(Lookup):
    """``words__hasprefix="ja"`` matches ``["jazz", "night"]``; an anchored, escaped pattern, so an index serves it."""

    lookup_name = "hasprefix"
    prepare_rhs = False
    can_use_path = True

    def as_mql(self, compiler: Any, connection: Any, as_expr: bool = False) -> dict[str, Any]:
        column = self.lhs.as_mql(compiler, connection)
        return {column: {"$regex": f"^{re.escape(str(self.rhs))}"}}
