"""Who calls: what the access token says, without a look at the database."""

from dataclasses import dataclass
from typing import Literal

ORGANIZER, CUSTOMER, STAFF = "ORGANIZER", "CUSTOMER", "STAFF"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user as services see one: ``by=`` and ``customer=`` everywhere."""

    id: str
    name: str
    role: str

    is_authenticated: Literal[True] = True
    is_active: Literal[True] = True

    @property
    def pk(self) -> str:
        return self.id

    @property
    def is_staff(self) -> bool:
        return self.role == STAFF

    @property
    def is_organizer(self) -> bool:
        return self.role == ORGANIZER

    @property
    def is_customer(self) -> bool:
        return self.role == CUSTOMER


@dataclass(frozen=True, slots=True)
class AnonymousActor:
    """Nobody signed in."""

    id: str = ""
    name: str = ""
    role: str = ""
    is_authenticated: Literal[False] = False
    is_staff: Literal[False] = False
    is_organizer: Literal[False] = False
    is_customer: Literal[False] = False

    @property
    def pk(self) -> None:
        return None
