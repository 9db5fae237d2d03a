"""Reading WSGI requests, without trusting headers that make Django fail or misread a body."""

from io import BytesIO
from wsgiref.types import WSGIEnvironment

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Django would decode body and query with any Python codec of that name, and some codecs end in a 500 before any
    middleware runs. JSON is UTF-8 (RFC 8259), and so are queries and the forms of our pages.
    """

    def __init__(self, environ: WSGIEnvironment) -> None:
        if has_unknown_length(environ):
            measure_body(environ)
        super().__init__(environ)

    def _set_content_type_params(self, meta: WSGIEnvironment) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:  # a parameter in an unknown encoding (RFC 2231): without a type the response is 415
            meta["CONTENT_TYPE"], self.content_type, self.content_params = "", "", {}


class Application(WSGIHandler):
    request_class = Request


def has_unknown_length(environ: WSGIEnvironment) -> bool:
    """Tell whether a body may come without its length. Django would read it as empty, and ``qty`` as left out."""
    in_frames = environ.get("SERVER_PROTOCOL", "").startswith("HTTP/2")
    is_api = environ.get("PATH_INFO", "").startswith("/api/")
    return is_api and (in_frames or is_chunked(environ)) and not environ.get("CONTENT_LENGTH")


def is_chunked(environ: WSGIEnvironment) -> bool:
    return "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()


def measure_body(environ: WSGIEnvironment) -> None:
    """Read the body and set its length; of a body that is too large only as much as proves it.

    If the connection breaks before the first chunk, servers report an empty body, which would be read as ``{}``: a
    booking of one seat. Chunks announce a body, so its length is set to at least 1, and the parser refuses it.
    """
    body = environ["wsgi.input"].read(settings.API_MAX_BODY_BYTES + 1)
    length = max(len(body), 1) if is_chunked(environ) else len(body)
    environ["CONTENT_LENGTH"], environ["wsgi.input"] = str(length), BytesIO(body)
