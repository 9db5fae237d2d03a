"""The pages that block and unblock people, and what can be done in the same step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts import blocking
from accounts.actors import Actor
from accounts.admin.actor import actor_of_admin
from accounts.models import User
from config.admin.permissions import has_permission
from config.admin.reason_forms import ReasonForm, ask_reason, switch_field
from config.core.clock import now
from config.core.errors import Conflict


class NothingToDo(Conflict):
    code = "nothing_to_do"


@dataclass(frozen=True, slots=True)
class BlockOption:
    """What else can happen to a blocked user; ``do`` takes user, actor, reason and time, and says what it did."""

    name: str
    label: str
    help_text: str
    permission: str
    do: Callable[[User, Actor, str, datetime], str]


BLOCK_OPTIONS: list[BlockOption] = []  # apps above register theirs when they start


class BlockForm(ReasonForm):
    reasons = (
        ("FRAUD", "Suspected fraud"),
        ("ABUSE", "Abuse of other people"),
        ("RULES", "Against the rules of the house"),
        ("TAKEN_OVER", "The account seems to be in other hands"),
        ("ASKED", "The person asked for it"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for extra in BLOCK_OPTIONS:
            self.fields[extra.name] = switch_field(extra.label, extra.help_text)


class UnblockForm(ReasonForm):
    reasons = (
        ("CLEARED", "Cleared up"),
        ("MISTAKE", "The block was a mistake"),
        ("SERVED", "It has been long enough"),
    )


def block_page(request: HttpRequest, admin: Any, users: list[User], **page: str) -> HttpResponse:
    page |= {
        "title": "Block",
        "button": "Block",
        "explanation": "They are signed out everywhere within 5 seconds and cannot sign in. Their bookings stand.",
    }
    return ask_reason(request, admin, users, form=BlockForm, page=page, perform=lambda *case: block(request, *case))


def block(request: HttpRequest, user: User, form: ReasonForm) -> str:
    """Block a user as the form says.

    Raises:
        NothingToDo: they are blocked already, and nothing else was asked for.
    """
    by, reason, moment = actor_of_admin(request), form.full_reason(), now()
    wanted = [one for one in BLOCK_OPTIONS if form.cleaned_data[one.name] and has_permission(request, one.permission)]
    changed = blocking.block(user_id=user.pk, now=moment, by=by.id, reason=reason)
    if not changed and not wanted:
        raise NothingToDo("Blocked already.")
    said = [extra.do(user, by, reason, moment) for extra in wanted]
    return " ".join([f"{user} is blocked; their tokens end within 5 seconds.", *said])


def unblock_page(request: HttpRequest, admin: Any, users: list[User], **page: str) -> HttpResponse:
    page |= {
        "title": "Unblock",
        "button": "Unblock",
        "explanation": "They may sign in again. Events that were hidden stay hidden: restore them one by one.",
    }
    return ask_reason(request, admin, users, form=UnblockForm, page=page, perform=lambda *case: unblock(request, *case))


def unblock(request: HttpRequest, user: User, form: ReasonForm) -> str:
    """Unblock a user as the form says.

    Raises:
        NothingToDo: they are not blocked.
    """
    if not blocking.unblock(user_id=user.pk, now=now(), by=actor_of_admin(request).id, reason=form.full_reason()):
        raise NothingToDo("Not blocked.")
    return f"{user} may sign in again."
