"""Who may see an event, and whose it is: asked by the API, the admin, the pages and the sockets."""

from typing import Protocol

from accounts.actors import Actor, AnonymousActor


class OwnedEvent(Protocol):
    """What decides who may see an event."""

    @property
    def organizer_id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def hidden(self) -> bool: ...


def is_owned_by(event: OwnedEvent, actor: Actor | AnonymousActor) -> bool:
    return bool(actor.id) and event.organizer_id == actor.id


def is_listed(event: OwnedEvent) -> bool:
    """Tell whether the event stands in the public list, until it begins."""
    return event.status == "PUBLISHED" and not event.hidden


def is_visible_to(event: OwnedEvent, actor: Actor | AnonymousActor) -> bool:
    """Anyone sees cancelled events, since some booked them; the owner and staff see drafts and hidden ones too."""
    public = event.status != "DRAFT" and not event.hidden
    return public or actor.is_staff or is_owned_by(event, actor)
