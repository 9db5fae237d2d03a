"""The admin pages that block and unblock users, and what else can be done to a blocked user in the same step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib.admin import ModelAdmin
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
    """A switch of the block page: something else to do to the blocked user, for staff with a permission.

    ``name`` is the form field. ``do`` gets the user, the actor, the reason and the time, and returns a sentence that
    says what it did.
    """

    name: str
    label: str
    help_text: str
    permission: str
    do: Callable[[User, Actor, str, datetime], str]


BLOCK_OPTIONS: list[BlockOption] = []  # apps that build on accounts add theirs when they start


class BlockForm(ReasonForm):
    reasons = (
        ("FRAUD", "Suspected fraud"),
        ("ABUSE", "Abuse of other users"),
        ("RULES", "Breaks the platform's rules"),
        ("TAKEN_OVER", "The account seems to be taken over"),
        ("ASKED", "The user asked for it"),
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        for option in BLOCK_OPTIONS:
            self.fields[option.name] = switch_field(option.label, option.help_text)


class UnblockForm(ReasonForm):
    reasons = (
        ("CLEARED", "Cleared up"),
        ("MISTAKE", "The block was a mistake"),
        ("SERVED", "The block lasted long enough"),
    )


def block_page(request: HttpRequest, model_admin: "ModelAdmin[User]", users: list[User], **page: str) -> HttpResponse:
    page |= {
        "title": "Block",
        "button": "Block",
        "explanation": "They are signed out everywhere within 5 seconds and cannot sign in. Their bookings stay valid.",
    }
    return ask_reason(request, model_admin, users, form=BlockForm, page=page, perform=partial(block, request))


def block(request: HttpRequest, user: User, form: ReasonForm) -> str:
    """Block a user with the reason of the form, and run the options chosen there.

    Raises:
        NothingToDo: the user is blocked already, and no option was chosen.
    """
    by, reason, moment = actor_of_admin(request), form.full_reason(), now()
    chosen = [option for option in BLOCK_OPTIONS if is_chosen(option, request, form)]
    changed = blocking.block(user_id=user.pk, now=moment, by=by.id, reason=reason)
    if not changed and not chosen:
        raise NothingToDo("This user is blocked already.")
    results = [option.do(user, by, reason, moment) for option in chosen]
    return " ".join([f"{user} is blocked; their tokens end within 5 seconds.", *results])


def is_chosen(option: BlockOption, request: HttpRequest, form: ReasonForm) -> bool:
    return form.cleaned_data[option.name] and has_permission(request, option.permission)


def unblock_page(request: HttpRequest, model_admin: "ModelAdmin[User]", users: list[User], **page: str) -> HttpResponse:
    page |= {
        "title": "Unblock",
        "button": "Unblock",
        "explanation": "They can sign in again. Their hidden events stay hidden: restore them one by one.",
    }
    return ask_reason(request, model_admin, users, form=UnblockForm, page=page, perform=partial(unblock, request))


def unblock(request: HttpRequest, user: User, form: ReasonForm) -> str:
    """Unblock a user with the reason of the form.

    Raises:
        NothingToDo: the user is not blocked.
    """
    if not blocking.unblock(user_id=user.pk, now=now(), by=actor_of_admin(request).id, reason=form.full_reason()):
        raise NothingToDo("This user is not blocked.")
    return f"{user} can sign in again."
