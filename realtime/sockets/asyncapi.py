"""The AsyncAPI 3 document of the sockets, made from the types in realtime/sockets/messages.py."""

import inspect
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from pydantic import TypeAdapter

from realtime.sockets import messages

FEED: dict[str, type[Any]] = {
    "ready": messages.Ready,
    "notifications.skipped": messages.Skipped,
    "event.availability": messages.Availability,
    "closing": messages.Closing,
}
ACKNOWLEDGED = ("watch", "unwatch")
DESCRIPTION = """\
Socket.IO at `/socket.io/`: connect with `auth: {token, lastSeq?}`; each message is an event of its name.

Plain WebSocket at `/ws/me`: the token comes as subprotocol `bearer, <token>` or in the first message
`{token, lastSeq?}`, never in the address; each message is a JSON object with its name as `type`.

Plain WebSocket at `/ws/events/{eventId}`: anyone, the seats of one event.

A server that restarts says `closing {reason: "restarting"}` to who is signed in, and closes with code 1012: come back,
with `lastSeq`, after a random pause of a few seconds. Socket.IO clients do so by themselves.

Codes of our own: 4400 not understood, 4401 no valid token (any more),
4403 a page of another origin, 4404 nothing to see, 4429 too many."""


def document() -> dict[str, Any]:
    """Return the document; every message that is sent or taken is in it."""
    schemas: dict[str, Any] = {}
    shown = {name: message(name, shape, schemas) for name, shape in FEED.items()}
    shown |= {name: notification(name, shape, schemas) for name, shape in messages.NOTIFICATIONS.items()}
    asked = {name: asking(name) for name in ACKNOWLEDGED}
    acknowledged = {"ack": message("ack", messages.Acknowledgement, schemas)}
    seats = {"seats": message("seats", messages.SeatsNow, schemas)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Box Office, live", "version": "1.0.0", "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {"live": {"host": settings.PUBLIC_URL.partition("://")[2], "protocol": "wss"}},
        "channels": {
            "feed": channel("/ws/me", shown | asked | acknowledged),
            "seats": channel("/ws/events/{eventId}", seats) | {"parameters": {"eventId": {"description": "EVT-…"}}},
        },
        "operations": {
            "hear": operation("send", "feed", [*shown, "ack"]),
            "ask": operation("receive", "feed", asked),
            "seeSeats": operation("send", "seats", seats),
        },
        "components": {"messages": shown | asked | acknowledged | seats, "schemas": schemas},
    }


def message(name: str, shape: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    schema = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas[shape.__name__] = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "summary": inspect.getdoc(shape) or name,
        "payload": {"$ref": f"#/components/schemas/{shape.__name__}"},
    }


def notification(name: str, shape: type[Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """Return a message whose ``data`` has the given shape."""
    described = message(name, shape, schemas)
    message(name, messages.Message, schemas)
    data = {"properties": {"data": described["payload"]}}
    described["payload"] = {"allOf": [{"$ref": "#/components/schemas/Message"}, data]}
    return described


def asking(name: str) -> dict[str, Any]:
    payload = {"type": "object", "required": ["eventId"], "properties": {"eventId": {"type": "string"}}}
    return {"name": name, "summary": f"{name} an event's seats; answered by ack", "payload": payload}


def channel(address: str, names: dict[str, Any]) -> dict[str, Any]:
    return {"address": address, "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names}}


def operation(action: str, of: str, names: Any) -> dict[str, Any]:
    refs = [{"$ref": f"#/channels/{of}/messages/{name}"} for name in names]
    return {"action": action, "channel": {"$ref": f"#/channels/{of}"}, "messages": refs}


def dangling(whole: dict[str, Any]) -> list[str]:
    """Return the references of a document that lead nowhere."""
    return [ref for ref in references(whole) if not leads_somewhere(whole, ref)]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for one in part:
            yield from references(one)


def leads_somewhere(whole: dict[str, Any], ref: str) -> bool:
    found: Any = whole
    for step in ref.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found is not None
