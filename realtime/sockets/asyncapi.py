"""The AsyncAPI 3 document of the sockets, generated from the types of their messages."""

import inspect
from collections.abc import Iterable, Iterator

from django.conf import settings
from pydantic import TypeAdapter

from realtime.notifications.messages import NOTIFICATIONS, Message
from realtime.sockets import messages

CONNECTION_MESSAGES: dict[str, type[object]] = {
    "ready": messages.Ready,
    "notifications.skipped": messages.Skipped,
    "event.availability": messages.Availability,
    "closing": messages.Closing,
}
REQUESTS = ("watch", "unwatch")
DESCRIPTION = """\
Socket.IO at `/socket.io/`: connect with `auth: {token, lastSeq?}`; each message is an event of its name.

Plain WebSocket at `/ws/me`: the token comes as subprotocol `bearer, <token>` or in the first message
`{token, lastSeq?}`, never in the address; each message is a JSON object with its name as `type`.

Plain WebSocket at `/ws/events/{eventId}`: anyone, the seats of one event.

A server that restarts says `closing {reason: "restarting"}` to who is signed in, and closes with code 1012: come back,
with `lastSeq`, after a random pause of a few seconds. Socket.IO clients do so by themselves.

Codes of our own: 4400 not understood, 4401 no valid token (any more),
4403 a page of another origin, 4404 nothing to see, 4429 too many."""

Json = dict[str, object]


def build_document() -> Json:
    """Return the document, with every message that the sockets send or accept."""
    schemas: Json = {}
    sent = {name: describe_message(name, shape, schemas) for name, shape in CONNECTION_MESSAGES.items()}
    sent |= {name: describe_notification(name, shape, schemas) for name, shape in NOTIFICATIONS.items()}
    accepted = {name: describe_request(name) for name in REQUESTS}
    acknowledged = {"ack": describe_message("ack", messages.Acknowledgement, schemas)}
    seats = {"seats": describe_message("seats", messages.SeatsNow, schemas)}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Box Office, live", "version": "1.0.0", "description": DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {"live": {"host": settings.PUBLIC_URL.partition("://")[2], "protocol": "wss"}},
        "channels": {
            "feed": channel("/ws/me", sent | accepted | acknowledged),
            "seats": channel("/ws/events/{eventId}", seats) | {"parameters": {"eventId": {"description": "EVT-…"}}},
        },
        "operations": {
            "hear": operation("send", "feed", [*sent, "ack"]),
            "ask": operation("receive", "feed", accepted),
            "seeSeats": operation("send", "seats", seats),
        },
        "components": {"messages": sent | accepted | acknowledged | seats, "schemas": schemas},
    }


def describe_message(name: str, shape: type[object], schemas: Json) -> Json:
    """Return a message's description; what it refers to is added to ``schemas``."""
    schema = TypeAdapter(shape).json_schema(ref_template="#/components/schemas/{model}")
    schemas |= schema.pop("$defs", {})
    schemas[shape.__name__] = {key: value for key, value in schema.items() if key != "description"}
    return {
        "name": name,
        "summary": inspect.getdoc(shape) or name,
        "payload": {"$ref": f"#/components/schemas/{shape.__name__}"},
    }


def describe_notification(name: str, shape: type[object], schemas: Json) -> Json:
    described = describe_message(name, shape, schemas)
    describe_message(name, Message, schemas)
    data = {"properties": {"data": described["payload"]}}
    described["payload"] = {"allOf": [{"$ref": "#/components/schemas/Message"}, data]}
    return described


def describe_request(name: str) -> Json:
    payload = {"type": "object", "required": ["eventId"], "properties": {"eventId": {"type": "string"}}}
    return {"name": name, "summary": f"{name} an event's seats; answered by ack", "payload": payload}


def channel(address: str, names: Iterable[str]) -> Json:
    return {"address": address, "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names}}


def operation(action: str, channel_name: str, names: Iterable[str]) -> Json:
    references = [{"$ref": f"#/channels/{channel_name}/messages/{name}"} for name in names]
    return {"action": action, "channel": {"$ref": f"#/channels/{channel_name}"}, "messages": references}


def broken_references(document: Json) -> list[str]:
    return [reference for reference in references_in(document) if not resolves(document, reference)]


def references_in(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            yield from references_in(value)
    elif isinstance(part, list):
        for member in part:
            yield from references_in(member)


def resolves(document: Json, reference: str) -> bool:
    found: object = document
    for step in reference.removeprefix("#/").split("/"):
        found = found.get(step) if isinstance(found, dict) else None
    return found is not None
