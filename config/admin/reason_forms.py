"""Pages that ask for a reason before something is done to somebody or taken away from them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldBooleanSwitchWidget

from config.admin.links import change_link
from config.core.errors import Refusal

AT_ONCE = 100  # as many as a page of a list shows
LONGEST_TEXT = 400
OTHER = "OTHER"
Do = Callable[[Any, Any], str]  # (object, form) -> the sentence that says what was done


class ReasonForm(forms.Form):
    """A reason from a list, and words of one's own; the last one on the list needs them."""

    reasons: Sequence[tuple[str, str]] = ()
    reason = forms.ChoiceField(widget=UnfoldAdminSelectWidget())
    text = forms.CharField(
        label="In your own words",
        required=False,
        max_length=LONGEST_TEXT,
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
        help_text="Kept in the journal with your name.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [("", "Choose a reason"), *self.reasons, (OTHER, "Another reason")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("reason") == OTHER and not cleaned.get("text"):
            self.add_error("text", "Say which.")
        return cleaned

    def words(self) -> str:
        """Return the reason as people read it."""
        reason, text = self.cleaned_data["reason"], " ".join(self.cleaned_data["text"].split())
        label = dict(self.reasons).get(reason, "")
        return ": ".join(part for part in (label, text) if part)


def switch_field(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text, widget=UnfoldBooleanSwitchWidget())


def ask_reason(
    request: HttpRequest, admin: Any, objects: Sequence[Any], *, form: type[ReasonForm], page: dict[str, str], do: Do
) -> HttpResponse:
    """Show the form; once it is filled in, do it to each object, tell how that went, and go back.

    Args:
        page: ``title``, ``explanation`` and ``button``; ``action`` where it was chosen for rows of a list.
    """
    bound = form(request.POST) if "confirmed" in request.POST else form()
    if bound.is_bound and bound.is_valid():
        for found in objects:
            attempt(request, found, partial(do, found, bound))
        return HttpResponseRedirect(back(request, admin, objects, page))
    context = {
        **admin.admin_site.each_context(request),
        **page,
        "opts": admin.opts,
        "objects": objects,
        "form": bound,
        "back": back(request, admin, objects, page),
    }
    return TemplateResponse(request, "admin/reason.html", context, status=400 if bound.is_bound else 200)


def attempt(request: HttpRequest, found: Any, work: Callable[[], str]) -> None:
    """Do one of several things and tell how it went: ``work`` returns the sentence, a refusal names the object."""
    try:
        messages.success(request, work())
    except Refusal as refusal:
        messages.error(request, f"{found}: {refusal.detail}")


def back(request: HttpRequest, admin: Any, objects: Sequence[Any], page: dict[str, str]) -> str:
    """Return where the page was opened from: the list, or the one object's own page."""
    if "action" in page:
        return request.get_full_path()
    return change_link(objects[0])
