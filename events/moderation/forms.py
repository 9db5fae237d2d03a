"""What moderators post."""

import re
from typing import Any

from django import forms

from events.moderation.decision_actions import ACTIONS, IN_BULK
from events.moderation.decisions import ReviewedVersion
from events.moderation.reasons import MAX_TEXT, DecisionReason

LARGEST = 2**53
CHOSEN = re.compile(r"(EVT-[0-9A-Z]{8}):([0-9]{1,15}):([0-9]{1,9})")
REASONS = [("", "Choose a reason"), *DecisionReason.choices]


class WhyForm(forms.Form):
    """Words of one's own, and a reason for what takes something away; the service says which need it."""

    reason = forms.ChoiceField(choices=REASONS, required=False)
    text = forms.CharField(max_length=MAX_TEXT, required=False)

    def clean_text(self) -> str:
        """Count a line break as one character, as the browser does."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def why(self) -> dict[str, str]:
        return {"reason": self.cleaned_data["reason"], "text": self.cleaned_data["text"]}


class DecisionForm(WhyForm):
    action = forms.ChoiceField(choices=[(name, name) for name in ACTIONS])
    version = forms.IntegerField(min_value=1, max_value=LARGEST)
    reports = forms.IntegerField(min_value=0, max_value=LARGEST)
    confirmed = forms.BooleanField(required=False)

    def seen(self) -> ReviewedVersion:
        return ReviewedVersion(version=self.cleaned_data["version"], reports=self.cleaned_data["reports"])


class BulkForm(WhyForm):
    """``chosen`` names each event with what was seen of it: ``EVT-7K3M9Q2X:3:0``."""

    action = forms.ChoiceField(choices=[(name, name) for name in IN_BULK])
    chosen = forms.Field(required=False)

    def __init__(self, data: Any = None, *, chosen: list[str]) -> None:
        super().__init__(data)
        self.given = chosen

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        found = [CHOSEN.fullmatch(one) for one in self.given]
        if not self.given or not all(found):
            raise forms.ValidationError("Choose the events first.")
        cleaned["chosen"] = {one[1]: ReviewedVersion(version=int(one[2]), reports=int(one[3])) for one in found if one}
        return cleaned


def faults_of(form: forms.Form) -> str:
    """Return everything that is wrong with a form as one line."""
    return " ".join(str(fault) for faults in form.errors.values() for fault in faults)
