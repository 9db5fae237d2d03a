"""Types of JSON that comes from outside: its shape is known only after validation."""

from typing import Any, TypeAlias

JSONValue: TypeAlias = Any  # str, int, float, bool, None, or a list or object of these
JSONObject: TypeAlias = dict[str, JSONValue]
