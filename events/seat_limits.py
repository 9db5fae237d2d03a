"""An event never has fewer seats than are sold or held."""

from config.core.errors import Conflict
from events.models import Event


class SeatsTaken(Conflict):
    code = "seats_taken"
    detail = "More seats than that are sold or held already."


def refuse_taken_seats(event_id: str, added: int) -> None:
    """Refuse a change that took away taken seats; a write that failed for another reason passes."""
    current = Event.objects.filter(pk=event_id).first()
    if current is not None and added < 0 and current.available_seats + added < 0:
        raise SeatsTaken(sold=current.tickets_sold, held=current.held_seats, availableSeats=current.available_seats)
