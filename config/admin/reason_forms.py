"""Pages that ask staff for a reason before they act on objects."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from config.admin.links import change_link
from config.core.errors import Refusal

AT_ONCE = 100  # objects that one page may act on: the rows of a page of a list
LONGEST_TEXT = 400
OTHER = "OTHER"


class ReasonForm(forms.Form):
    """A reason from a list and a text; the last choice, OTHER, requires the text."""

    reasons: Sequence[tuple[str, str]] = ()
    reason = forms.ChoiceField(widget=UnfoldAdminSelectWidget())
    text = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text="Kept in the journal with your name.",
    )

    def __init__(self, data: Mapping[str, object] | None = None) -> None:
        super().__init__(data)
        reason = cast("forms.ChoiceField", self.fields["reason"])
        reason.choices = [("", "Choose a reason"), *self.reasons, (OTHER, "Another reason")]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("reason") == OTHER and not cleaned.get("text"):
            self.add_error("text", "Name the other reason.")
        return cleaned

    def full_reason(self) -> str:
        """Return label and text as one sentence for people."""
        reason, text = self.cleaned_data["reason"], " ".join(self.cleaned_data["text"].split())
        label = dict(self.reasons).get(reason, "")
        return ": ".join(part for part in (label, text) if part)


M = TypeVar("M", bound=Model)
F = TypeVar("F", bound=ReasonForm)


def switch_field(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget())


def ask_reason(
    request: HttpRequest,
    admin: "ModelAdmin[M]",
    objects: Sequence[M],
    *,
    form: type[F],
    page: Mapping[str, str],
    perform: Callable[[M, F], str],
) -> HttpResponse:
    """Show the form; once it is filled in, act on each object, show the results as messages, and return.

    Args:
        page: ``title``, ``explanation`` and ``button``; also ``action`` if it was chosen for rows of a list.
        perform: acts on one object and returns the sentence that says what was done.
    """
    bound = form(request.POST) if "confirmed" in request.POST else form()
    return_to = request.get_full_path() if "action" in page else change_link(objects[0])
    if bound.is_bound and bound.is_valid():
        for found in objects:
            perform_one(request, found, partial(perform, found, bound))
        return HttpResponseRedirect(return_to)
    context = {
        **admin.admin_site.each_context(request),
        **page,
        "opts": admin.opts,
        "objects": objects,
        "form": bound,
        "return_to": return_to,
    }
    return TemplateResponse(request, "admin/reason.html", context, status=400 if bound.is_bound else 200)


def perform_one(request: HttpRequest, found: object, perform: Callable[[], str]) -> None:
    """Act on one of several objects and show the result; the message of a refusal names the object."""
    try:
        messages.success(request, perform())
    except Refusal as refusal:
        messages.error(request, f"{found}: {refusal.detail}")
