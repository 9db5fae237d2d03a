"""The History tab of an object: the journal and the admin's own log together, newest first."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from journal.models import Entry
from journal.timeline import TimelineRow, timeline_rows

PAGE, LAST_PAGE = 50, 100


class WithHistory:
    """A ModelAdmin whose History tab has both records. Each is read from an index, a page at a time."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        admin: Any = self
        found = admin.get_object(request, unquote(object_id))
        if found is None:
            return admin._get_obj_does_not_exist_redirect(request, admin.opts, object_id)
        if not admin.has_view_or_change_permission(request, found):
            raise PermissionDenied
        number = page_number(request)
        lines = history_of(found, end=number * PAGE + 1)
        context = {
            **admin.admin_site.each_context(request),
            "title": f"History of {found}",
            "opts": admin.opts,
            "object": found,
            "lines": lines[(number - 1) * PAGE : number * PAGE],
            "number": number,
            "has_more": len(lines) > number * PAGE and number < LAST_PAGE,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "journal/history.html", context)


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; whoever asks for none, or for nonsense, gets the first."""
    asked = request.GET.get("p", "1")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def history_of(found: Any, *, end: int) -> list[TimelineRow]:
    """Return the newest lines of an object, ``end`` of each record at most, merged."""
    entries = Entry.objects.filter(subject=found.pk).order_by("-at")[:end]
    kind = ContentType.objects.get_for_model(found)
    logged = LogEntry.objects.filter(content_type=kind, object_id=str(found.pk)).order_by("-action_time")[:end]
    return timeline_rows(entries, logged)[:end]
