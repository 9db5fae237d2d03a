"""How requests are read: Django's way, except where it would let a header decide what no header should."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

Environ = dict[str, Any]


class Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Django would decode body and query with any codec of Python's under that name, and some of them end in a 500
    before a middleware is there to answer. JSON is UTF-8 (RFC 8259), and so are queries and the forms of our pages.
    """

    def _set_content_type_params(self, meta: Environ) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # a parameter in an encoding that there is not (RFC 2231): no type at all is a clear 415
            meta["CONTENT_TYPE"], self.content_type, self.content_params = "", "", {}


class Application(WSGIHandler):
    request_class = Request
