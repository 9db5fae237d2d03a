"""The History page of an object in the admin: the journal and the admin's own log together, newest first."""

from typing import cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from journal.models import Entry
from journal.timeline import TimelineRow, timeline_rows

PAGE_SIZE, LAST_PAGE = 50, 100


class WithHistory:
    """Shows the journal on the History page of a ModelAdmin. Both sources are read from an index, a page at a time."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        admin = cast("ModelAdmin[Model]", self)
        found = admin.get_object(request, unquote(object_id))
        if found is None:
            return admin._get_obj_does_not_exist_redirect(request, admin.opts, object_id)  # type: ignore[attr-defined]  # missing in the stubs
        if not admin.has_view_or_change_permission(request, found):
            raise PermissionDenied
        number = page_number(request)
        rows = history_of(found, end=number * PAGE_SIZE + 1)
        context = {
            **admin.admin_site.each_context(request),
            "title": f"History of {found}",
            "opts": admin.opts,
            "object": found,
            "rows": rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE],
            "number": number,
            "has_more": len(rows) > number * PAGE_SIZE and number < LAST_PAGE,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "journal/history.html", context)


def page_number(request: HttpRequest) -> int:
    """Return the page in the query; 1 where it names none or is not a number."""
    text = request.GET.get("p", "1")
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def history_of(found: Model, *, end: int) -> list[TimelineRow]:
    """Return the newest rows of an object, ``end`` of each source at most, merged."""
    entries = Entry.objects.filter(subject=found.pk).order_by("-at")[:end]
    content_type = ContentType.objects.get_for_model(found)
    log_entries = LogEntry.objects.filter(content_type=content_type, object_id=str(found.pk))
    return timeline_rows(entries, log_entries.order_by("-action_time")[:end])[:end]
