"""ETags of events: ``"<version>.<digest>"``.

The digest covers the whole body, so If-None-Match never takes an outdated copy for current. If-Match compares only
the version: an organizer can change an event after seats were sold, but not after another change.
"""

import hashlib
import re

import orjson
from django.utils.http import parse_etags
from rest_framework.request import Request

from config.core.errors import Invalid

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS = re.compile(rf"{TAG}(?:\s*,\s*{TAG})*")
OWN_TAG = re.compile(r'"(\d{1,18})\.[0-9a-f]+"')


def etag_of(body: bytes, *, version: int = 0) -> str:
    return f'"{version}.{hashlib.sha256(body).hexdigest()[:16]}"'


def to_json(data: object) -> bytes:
    return orjson.dumps(data)


def is_fresh(request: Request, etag: str) -> bool:
    """Return whether the client has this version already (If-None-Match, weak comparison).

    Django's get_conditional_response would also apply If-Match to reads, and answer If-Unmodified-Since with 412,
    since events have no Last-Modified.
    """
    offered = parse_etags(request.headers.get("If-None-Match", ""))
    return offered == ["*"] or etag in [tag.removeprefix("W/") for tag in offered]


def required_versions(request: Request) -> frozenset[int] | None:
    """Return the versions that If-Match allows; None allows any.

    A weak tag counts like a strong one, since proxies that compress weaken the tags. A tag of another format matches
    no version. An empty header is refused: granian passes a header that is not ASCII as an empty one. Django's
    parse_etags is not used, since it silently drops whatever is not a tag.
    """
    condition = request.headers.get("If-Match", "*").strip()
    if condition == "*":
        return None
    if TAGS.fullmatch(condition):
        return frozenset(map(int, OWN_TAG.findall(condition)))
    raise Invalid("If-Match", "Send the ETag of the event as you received it, or leave the header out.")
