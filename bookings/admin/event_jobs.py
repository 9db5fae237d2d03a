"""Jobs over all bookings of an event in the admin."""

from django.contrib import admin

from bookings.models import EventJob
from config.admin.model_admin import ReadOnlyAdmin


@admin.register(EventJob)
class EventJobAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "event", "progress", "updated_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("event",)
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the only order that an index serves

    @admin.display(description="progress")
    def progress(self, job: EventJob) -> str:
        if job.finished_at:
            return f"done, {job.done:,}"
        return f"{job.percent_done} %, {job.done:,} of {job.total:,}"
