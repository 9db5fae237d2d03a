"""Request bodies."""

from collections.abc import Mapping
from typing import IO

from rest_framework import parsers
from rest_framework.exceptions import ParseError

from config.core.json_types import JSONObject


class JSONParser(parsers.JSONParser):
    """Refuses two kinds of JSON that DRF's parser passes on: deep nesting, a 500, and values that are no object."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, object] | None = None
    ) -> JSONObject:
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("JSON parse error - nested too deeply") from None
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        return data
