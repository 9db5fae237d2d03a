"""ETags of events: ``"<version>.<digest>"``.

The digest covers the whole answer, so a cached copy is never taken for current. ``If-Match`` compares only the
version: seats sold since an organizer read the event do not stand in the way of a change, another change does.
"""

import hashlib
import re

import orjson
from django.utils.http import parse_etags
from rest_framework.request import Request

from config.core.errors import Invalid

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:\s*,\s*{TAG})*")
OURS = re.compile(r'"(\d{1,18})\.[0-9a-f]+"')


def etag_of(body: bytes, *, version: int = 0) -> str:
    return f'"{version}.{hashlib.sha256(body).hexdigest()[:16]}"'


def to_json(data: object) -> bytes:
    return orjson.dumps(data)


def is_fresh(request: Request, etag: str) -> bool:
    """Tell whether the client's copy is this one (If-None-Match, weak comparison).

    Django's get_conditional_response would also answer reads by If-Match, and by If-Unmodified-Since with 412, since
    events have no Last-Modified.
    """
    offered = parse_etags(request.headers.get("If-None-Match", ""))
    return offered == ["*"] or etag in [tag.removeprefix("W/") for tag in offered]


def required_versions(request: Request) -> frozenset[int] | None:
    """Return the versions that If-Match asks for; None when any will do.

    A weak tag counts like a strong one, since proxies that compress weaken ours. A tag that is not one of ours
    matches no version. An empty header is refused, not taken for none: granian hands over as empty what is not ASCII.
    Django's parse_etags would leave out silently what is no tag.
    """
    condition = request.headers.get("If-Match", "*").strip()
    if condition == "*":
        return None
    if TAGS.fullmatch(condition):
        return frozenset(map(int, OURS.findall(condition)))
    raise Invalid("If-Match", "Send the ETag of the event as it was answered, or leave the header out.")
