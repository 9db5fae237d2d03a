"""The forms of the event pages."""

from django import forms

from config.admin.reason_forms import ReasonForm
from events.field_values import EDITABLE
from events.models import Event
from events.moderation.reasons import DecisionReason


class EventForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """Posts the version that the editor read, so that two editors cannot overwrite each other's changes."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Event
        fields = EDITABLE

    def clean_description(self) -> str:
        """Restore line breaks, which browsers post as two characters: every edit would change the description."""
        return str(self.cleaned_data["description"]).replace("\r\n", "\n")

    def changes(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name in EDITABLE}


class CancelForm(ReasonForm):
    reasons = [choice for choice in DecisionReason.choices if choice[0] != DecisionReason.OTHER]
