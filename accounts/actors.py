"""The users whom services act for, as their access tokens describe them: no database query."""

from dataclasses import dataclass
from typing import Literal

ORGANIZER, CUSTOMER, STAFF = "ORGANIZER", "CUSTOMER", "STAFF"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in user: what services take as ``by=``, ``customer=`` and ``organizer=``."""

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
    """The sender of a request without a token."""

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
