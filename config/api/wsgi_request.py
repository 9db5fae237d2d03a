"""How requests are read: Django's way, except where it would let a header decide what no header should."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

Environ = dict[str, Any]


class Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Django would decode body and query with any codec of Python's under that name, and some of them end in a 500
    before a middleware is there to answer. JSON is UTF-8 (RFC 8259), and so are queries and the forms of our pages.
    """

    def __init__(self, environ: Environ) -> None:
        if is_unmeasured(environ):
            measure_body(environ)
        super().__init__(environ)

    def _set_content_type_params(self, meta: Environ) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # a parameter in an encoding that there is not (RFC 2231): no type at all is a clear 415
            meta["CONTENT_TYPE"], self.content_type, self.content_params = "", "", {}


class Application(WSGIHandler):
    request_class = Request


def is_unmeasured(environ: Environ) -> bool:
    """Tell whether a body may come without its length: Django takes such a one for none, and ``qty`` for left out."""
    in_frames = environ.get("SERVER_PROTOCOL", "").startswith("HTTP/2")
    is_api = environ.get("PATH_INFO", "").startswith("/api/")
    return is_api and (in_frames or is_chunked(environ)) and not environ.get("CONTENT_LENGTH")


def is_chunked(environ: Environ) -> bool:
    return "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()


def measure_body(environ: Environ) -> None:
    """Read the body and note its length; of one that is too large only as much as shows that.

    Where a line breaks before the first chunk, servers tell of an empty body. Chunks announce one: so a byte is noted
    that never comes, and the parser refuses what would be ``{}``, a booking of one seat.
    """
    body = environ["wsgi.input"].read(settings.API_MAX_BODY_BYTES + 1)
    length = max(len(body), 1) if is_chunked(environ) else len(body)
    environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(length), BytesIO(body)
