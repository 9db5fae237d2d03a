"""How few seats an event may have: never fewer than are sold or held."""

from config.core.errors import Conflict
from events.models import Event


class SeatsTaken(Conflict):
    code = "seats_taken"
    detail = "More seats than that are sold or held already."


def refuse_taken_seats(event_id: str, added: int) -> None:
    """Tell seats that are taken from an event that merely changed, or went, meanwhile."""
    current = Event.objects.filter(pk=event_id).first()
    if current is not None and added < 0 and current.available_seats + added < 0:
        raise SeatsTaken(sold=current.tickets_sold, held=current.held_seats, availableSeats=current.available_seats)
