"""The forms that moderators post."""

import re
from typing import TypedDict

from django import forms
from django.http import QueryDict

from events.moderation.decision_actions import ACTIONS, BULK_ACTIONS
from events.moderation.decisions import ReviewedVersion
from events.moderation.reasons import MAX_TEXT, DecisionReason

LARGEST = 2**53
CHOSEN = re.compile(r"(EVT-[0-9A-Z]{8}):([0-9]{1,15}):([0-9]{1,9})")
REASONS = [("", "Choose a reason"), *DecisionReason.choices]


class Explanation(TypedDict):
    reason: str
    text: str


class ExplanationForm(forms.Form):
    """A reason and the moderator's own words; the decision's service refuses what is missing."""

    reason = forms.ChoiceField(choices=REASONS, required=False)
    text = forms.CharField(max_length=MAX_TEXT, required=False)

    def clean_text(self) -> str:
        """Count a line break as one character, as the browser does."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def explanation(self) -> Explanation:
        return {"reason": self.cleaned_data["reason"], "text": self.cleaned_data["text"]}


class DecisionForm(ExplanationForm):
    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    version = forms.IntegerField(min_value=1, max_value=LARGEST)
    reports = forms.IntegerField(min_value=0, max_value=LARGEST)
    confirmed = forms.BooleanField(required=False)

    def reviewed(self) -> ReviewedVersion:
        return ReviewedVersion(version=self.cleaned_data["version"], reports=self.cleaned_data["reports"])


class BulkForm(ExplanationForm):
    """``chosen`` holds ``<event id>:<version>:<reports>`` of each event as it was shown: ``EVT-7K3M9Q2X:3:0``."""

    action = forms.ChoiceField(choices=[(name, name) for name in BULK_ACTIONS])

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.chosen = data.getlist("chosen")

    def clean(self) -> None:
        super().clean()
        if not self.chosen or not all(map(CHOSEN.fullmatch, self.chosen)):
            raise forms.ValidationError("Choose the events first.")

    def reviewed(self) -> dict[str, ReviewedVersion]:
        """Return what the moderator reviewed, by the event's id; for a valid form."""
        found = (CHOSEN.fullmatch(each) for each in self.chosen)
        return {match[1]: ReviewedVersion(version=int(match[2]), reports=int(match[3])) for match in found if match}


def error_text(form: forms.Form) -> str:
    """Return all errors of a form in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
