"""A lookup that the backend lacks: an array with an element that has a prefix."""

import re

from django.db.models import Lookup
from django_mongodb_backend.fields import ArrayField


@ArrayField.register_lookup
class HasPrefix(Lookup):
    """``words__hasprefix="ja"`` matches ``["jazz", "night"]``. An index serves it, as the pattern is anchored."""

    lookup_name = "hasprefix"
    prepare_rhs = False
    can_use_path = True

    def as_mql(self, compiler: object, connection: object, as_expr: bool = False) -> dict[str, object]:
        column = self.lhs.as_mql(compiler, connection)
        return {column: {"$regex": f"^{re.escape(str(self.rhs))}"}}
