"""Plain WebSockets, for pages that bring no library: /ws/events/{id} and /ws/me."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from accounts.actors import AnonymousActor
from realtime.sockets import limits, messages
from realtime.sockets.connections import registry
from realtime.sockets.live_seats import Seats
from realtime.sockets.session import EVENT_ID, Refused, Session, may_see

# Codes of closing, for pages: 4000 to 4999 are an application's own (RFC 6455).
UNAUTHORIZED, NOT_FOUND, INVALID, TOO_MANY = 4401, 4404, 4400, 4429
CODES = {"unauthorized": UNAUTHORIZED, "invalid": INVALID, "too_many": TOO_MANY}
SUBPROTOCOL = "bearer"


class Consumer(AsyncWebsocketConsumer):
    async def say(self, message: Mapping[str, Any]) -> None:
        with suppress(RuntimeError, OSError):  # it closed while this was on its way
            await self.send(text_data=orjson.dumps(message).decode())

    async def leave(self, code: int) -> None:
        with suppress(RuntimeError, OSError):  # it closed already; what was said before that is still being worked off
            await self.close(code)

    def may_connect(self) -> bool:
        return limits.may_connect(address=limits.address_of(self.scope))


class SeatsConsumer(Consumer):
    """Anyone: the seats of one event, now and with each change."""

    async def connect(self) -> None:
        self.event_id = self.scope["url_route"]["kwargs"]["event_id"]
        await self.accept()
        if not await asyncio.to_thread(self.may_connect):
            await self.leave(TOO_MANY)
        elif not EVENT_ID.fullmatch(self.event_id) or not await asyncio.to_thread(
            may_see, self.event_id, AnonymousActor()
        ):
            await self.leave(NOT_FOUND)
        elif seats := await registry.board.watch(self.event_id, self, self.show):
            await self.show(seats)

    async def show(self, seats: Seats) -> None:
        await self.say(messages.now_of(seats))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is to be said here."""
        await self.leave(INVALID)

    async def disconnect(self, code: int) -> None:
        registry.board.unwatch(self.event_id, self)


class FeedConsumer(Consumer):
    """A signed-in user's notifications. The token comes as subprotocol ``bearer, <token>`` or in the first message."""

    session: Session | None = None
    deadline: "asyncio.TimerHandle | None" = None

    async def connect(self) -> None:
        offered = self.scope.get("subprotocols", [])
        by_protocol = len(offered) == 2 and offered[0] == SUBPROTOCOL
        await self.accept(subprotocol=SUBPROTOCOL if by_protocol else None)
        if not await asyncio.to_thread(self.may_connect):
            await self.leave(TOO_MANY)
        elif by_protocol:
            await self.sign_in({"token": offered[1]})
        else:
            loop = asyncio.get_running_loop()
            self.deadline = loop.call_later(limits.SIGN_IN_SECONDS, lambda: loop.create_task(self.end("unauthorized")))

    async def sign_in(self, auth: Any) -> None:
        if self.deadline:
            self.deadline.cancel()
        try:
            self.session = await Session.open(auth, send=self.deliver, end=self.end)
        except Refused as refused:
            await self.leave(CODES[str(refused)])

    async def deliver(self, type: str, payload: Mapping[str, Any]) -> None:  # noqa: A002 - the message's own word
        await self.say({"type": type, **payload})

    async def end(self, reason: str) -> None:
        await self.deliver("closing", messages.closing(reason))
        await self.leave(UNAUTHORIZED)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = parse(text_data)
        if self.session is None:
            await self.sign_in(message)
        elif not self.session.may_speak():
            await self.leave(TOO_MANY)
        else:
            await self.answer(self.session, message)

    async def answer(self, session: Session, message: Any) -> None:
        kind = message.get("type") if isinstance(message, dict) else None
        if kind == "watch":
            await self.deliver("ack", await session.watch(message))
        elif kind == "unwatch":
            await self.deliver("ack", await session.unwatch(message))
        else:
            await self.deliver("ack", messages.declined("unknown"))

    async def disconnect(self, code: int) -> None:
        if self.deadline:
            self.deadline.cancel()
        if self.session:
            self.session.close()


def parse(text: str | None) -> Any:
    """Return a JSON message; None for what is none, or too long to be one."""
    if text is None or len(text) > limits.LONGEST_MESSAGE:
        return None
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
