"""Plain WebSockets, for pages without a client library: /ws/events/{id} and /ws/me."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.actors import AnonymousActor
from realtime.sockets import limits, messages
from realtime.sockets.close_codes import CloseCode
from realtime.sockets.connections import registry
from realtime.sockets.live_seats import Seats
from realtime.sockets.session import EVENT_ID, Reason, Session, SignInRefused, is_visible

REFUSALS: dict[Reason, CloseCode] = {
    "unauthorized": CloseCode.UNAUTHORIZED,
    "invalid": CloseCode.INVALID,
    "too_many": CloseCode.TOO_MANY,
}
SUBPROTOCOL = "bearer"


class Consumer(AsyncWebsocketConsumer):
    async def send_message(self, message: Mapping[str, object]) -> None:
        with suppress(RuntimeError, OSError):  # the connection closed meanwhile
            await self.send(text_data=orjson.dumps(message).decode())

    async def close_with(self, code: CloseCode) -> None:
        with suppress(RuntimeError, OSError):  # closed already: messages from before that are still being handled
            await self.close(code)

    def allow_connect(self) -> bool:
        return limits.allow_connect(address=limits.address_of(self.scope))


class SeatsConsumer(Consumer):
    """For anyone: the seats of one event, at once and with each change."""

    async def connect(self) -> None:
        self.event_id = self.scope["url_route"]["kwargs"]["event_id"]
        await self.accept()
        if not await asyncio.to_thread(self.allow_connect):
            await self.close_with(CloseCode.TOO_MANY)
        elif not EVENT_ID.fullmatch(self.event_id) or not await asyncio.to_thread(
            is_visible, self.event_id, AnonymousActor()
        ):
            await self.close_with(CloseCode.NOT_FOUND)
        elif seats := await registry.live_seats.watch(self.event_id, self, self.send_seats):
            await self.send_seats(seats)

    async def send_seats(self, seats: Seats) -> None:
        await self.send_message(messages.seats_now(seats))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Clients have nothing to send here."""
        await self.close_with(CloseCode.INVALID)

    async def disconnect(self, code: int) -> None:
        registry.live_seats.unwatch(self.event_id, self)


class FeedConsumer(Consumer):
    """A signed-in user's notifications. The token comes as subprotocol ``bearer, <token>`` or in the first message."""

    session: Session | None = None
    deadline: "asyncio.TimerHandle | None" = None

    async def connect(self) -> None:
        offered = self.scope.get("subprotocols", [])
        by_subprotocol = len(offered) == 2 and offered[0] == SUBPROTOCOL
        await self.accept(subprotocol=SUBPROTOCOL if by_subprotocol else None)
        if not await asyncio.to_thread(self.allow_connect):
            await self.close_with(CloseCode.TOO_MANY)
        elif by_subprotocol:
            await self.sign_in({"token": offered[1]})
        else:
            self.expect_sign_in()

    def expect_sign_in(self) -> None:
        loop = asyncio.get_running_loop()
        self.deadline = loop.call_later(
            limits.SIGN_IN_SECONDS, lambda: loop.create_task(self.close_session("unauthorized"))
        )

    async def sign_in(self, auth: object) -> None:
        if self.deadline:
            self.deadline.cancel()
        try:
            self.session = await Session.open(auth, send=self.send_typed, close=self.close_session)
        except SignInRefused as refused:
            await self.close_with(REFUSALS[refused.reason])

    async def send_typed(self, type: str, payload: Mapping[str, object]) -> None:  # noqa: A002 - the message's own word
        await self.send_message({"type": type, **payload})

    async def close_session(self, reason: str) -> None:
        await self.send_typed("closing", messages.closing(reason))
        await self.close_with(CloseCode.UNAUTHORIZED)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = parse_message(text_data)
        if self.session is None:
            await self.sign_in(message)
        elif not self.session.allow_message():
            await self.close_with(CloseCode.TOO_MANY)
        else:
            await self.send_typed("ack", await acknowledge(self.session, message))

    async def disconnect(self, code: int) -> None:
        if self.deadline:
            self.deadline.cancel()
        if self.session:
            self.session.close()


async def acknowledge(session: Session, message: object) -> messages.Acknowledgement:
    request = message.get("type") if isinstance(message, dict) else None
    if request == "watch":
        return await session.watch(message)
    if request == "unwatch":
        return await session.unwatch(message)
    return messages.declined("unknown")


def parse_message(text: str | None) -> object:
    """Return the JSON of a text frame; None if it is invalid or too long, and for a binary frame."""
    if text is None or len(text) > limits.MAX_MESSAGE_BYTES:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
