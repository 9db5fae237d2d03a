"""The reads of events by name: ``Event.objects.listed().upcoming(now)``."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.actors import Actor, AnonymousActor
from config.core.errors import NotFound
from events.text_folding import words_of

if TYPE_CHECKING:
    from events.models import Event

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # queued_at is later on every queued event: the partial indexes' condition


class EventQuerySet(models.QuerySet["Event"]):
    def listed(self) -> Self:
        """Keep events on the public list: published and not hidden."""
        return self.filter(status=self.model.Status.PUBLISHED, hidden=False)

    def upcoming(self, moment: datetime) -> Self:
        return self.filter(starts_at__gt=moment)

    def of(self, organizer: Actor) -> Self:
        return self.filter(organizer=organizer.id)

    def in_every_state(self) -> Self:
        """Name all the states, so that indexes which begin with the state serve a list of all states too."""
        return self.filter(status__in=self.model.Status.values, hidden__in=(False, True))

    def queued(self, cause: str = "") -> Self:
        """Keep events in the moderation queue, for any cause or for this one."""
        queued = self.filter(queued_at__gt=EPOCH)
        return queued.filter(queue__contains=[cause]) if cause else queued

    def oldest_first(self) -> Self:
        return self.order_by("queued_at", "id")

    def with_organizer(self) -> Self:
        return self.select_related("organizer")

    def matching(self, query: str) -> Self:
        """Keep events that have, for each word of the query, a word beginning with it; none if it has no word.

        The longest word comes first: MongoDB looks that one up in the index, and it has the fewest matches.
        """
        words = sorted(words_of(query), key=len, reverse=True)
        found = self if words else self.none()
        for word in words:
            found = found.filter(words__hasprefix=word)
        return found

    def get_visible(self, event_id: str, actor: Actor | AnonymousActor) -> "Event":
        """Return an event that the actor may see; any other does not exist for them."""
        event = self.filter(pk=event_id).first()
        if event is None or not event.is_visible_to(actor):
            raise NotFound
        return event

    def get_manageable(self, event_id: str, actor: Actor) -> "Event":
        """Return an event that the actor owns, or any event to staff; any other does not exist for them."""
        event = self.filter(pk=event_id).first()
        if event is None or not (event.is_owned_by(actor) or actor.is_staff):
            raise NotFound
        return event
