"""Why the server closes a WebSocket: 4000 to 4999 are an application's own codes (RFC 6455)."""

from enum import IntEnum


class CloseCode(IntEnum):
    INVALID = 4400
    UNAUTHORIZED = 4401
    FOREIGN_ORIGIN = 4403
    NOT_FOUND = 4404
    TOO_MANY = 4429
