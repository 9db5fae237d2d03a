"""Bookings in the admin: to look at. Seats move with them, so nothing here is edited by hand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action
from unfold.enums import ActionVariant

from accounts.admin.actor import actor_of_admin
from accounts.models import User, normalize_email
from bookings.admin.booking_history import booking_history
from bookings.cancellation import cancel_booking
from bookings.models import Booking, EventJob, WaitlistEntry
from bookings.resend_confirmation import resend_confirmation
from config.admin.filters import DayFilter
from config.admin.links import change_link
from config.admin.model_admin import IndexedSearch, ReadOnlyAdmin
from config.admin.permissions import has_permission
from config.admin.reason_forms import ReasonForm, ask_reason
from config.core.clock import now
from events.models import Event
from journal.history import WithHistory

NAMESAKES = 20  # customers whose address begins as was typed


class CancelForm(ReasonForm):
    reasons = (
        ("ASKED", "The customer asked for it"),
        ("TWICE", "Booked twice by mistake"),
        ("FRAUD", "Suspected fraud"),
        ("GOODWILL", "Goodwill after the cut-off"),
    )


class ResendForm(ReasonForm):
    reasons = (("NOT_RECEIVED", "The customer did not get it"), ("LOST", "The customer lost it"))


def link(found: Event | User, text: str) -> str:
    return format_html('<a class="bo-link" href="{}">{}</a>', change_link(found), text)


class CustomerRecordAdmin(WithHistory, IndexedSearch, ReadOnlyAdmin):
    """What a customer has of an event, newest first. ``prefix`` begins its ids: ``BK-``."""

    prefix = ""
    list_filter = ("status", ("created_at", DayFilter))
    list_select_related = ("event", "customer")
    search_fields = ("=id",)
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    def find(self, queryset: QuerySet[Any], term: str) -> QuerySet[Any]:
        """Find by an own, an event's or a user's id, or by the beginning of an address."""
        field = {self.prefix[:3]: "pk", "EVT": "event", "USR": "customer"}.get(term.upper()[:3])
        if field and "@" not in term:
            return queryset.filter(**{field: term.upper()})
        address = normalize_email(term)
        people = User.objects.filter(email__startswith=address).order_by("email").values_list("pk", flat=True)
        return queryset.filter(customer__in=list(people[:NAMESAKES])) if len(address) > 2 else queryset.none()


@admin.register(Booking)
class BookingAdmin(CustomerRecordAdmin):
    prefix = "BK-"
    list_display = ("id", "event", "customer", "qty", "amount", "status", "created_at")
    search_help_text = "A booking's, event's or user's id, or the beginning of the customer's e-mail address"
    actions_detail = ("cancel", "resend")
    change_form_outer_after_template = "bookings/admin/story.html"
    fields = (
        "id", "the_event", "the_customer", "qty", "unit_price", "amount", "status", "created_at", "cancelled_at",
        "checked_in_at", "idempotency_key",
    )  # fmt: skip
    readonly_fields = ("the_event", "the_customer")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        return Booking.objects.real()

    @admin.display(description="event")
    def the_event(self, booking: Booking) -> str:
        return link(booking.event, str(booking.event))

    @admin.display(description="customer")
    def the_customer(self, booking: Booking) -> str:
        return link(booking.customer, f"{booking.customer.name} ({booking.customer.email})")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        booking = self.get_object(request, object_id)
        rows = booking_history(booking) if booking else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "rows": rows})

    def has_cancel_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_permission(request, "bookings.cancel_booking")

    def has_resend_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_permission(request, "bookings.resend_mail")

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        """Offer them for what stands: a cancelled booking is neither cancelled nor confirmed."""
        booking = self.get_object(request, object_id)
        stands = booking is not None and booking.status == Booking.Status.CONFIRMED
        return super().get_actions_detail(request, object_id) if stands else []

    @action(
        description="Cancel for the customer",
        url_path="cancel",
        permissions=["cancel"],
        icon="cancel",
        variant=ActionVariant.DANGER,
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel with a reason; the customer's cut-off does not bind staff."""
        page = {
            "title": "Cancel for the customer",
            "button": "Cancel the booking",
            "explanation": "Seats and money go back at once, whoever waits is served first, and the customer is told.",
        }
        return self.ask(request, object_id, form=CancelForm, page=page, perform=cancel_as(request))

    @action(description="Send confirmation again", url_path="resend", permissions=["resend"], icon="forward_to_inbox")
    def resend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = {
            "title": "Send confirmation again",
            "button": "Send it",
            "explanation": "The customer gets the confirmation of this booking as a new mail.",
        }
        return self.ask(request, object_id, form=ResendForm, page=page, perform=resend_as(request))

    def ask(self, request: HttpRequest, object_id: str, **question: Any) -> HttpResponse:
        booking = self.get_object(request, object_id)
        return (
            ask_reason(request, self, [booking], **question)
            if booking
            else HttpResponseRedirect(reverse("admin:index"))
        )


def cancel_as(request: HttpRequest) -> Any:
    def cancel(booking: Booking, form: ReasonForm) -> str:
        cancel_booking(booking_id=booking.pk, by=actor_of_admin(request), now=now(), note=form.full_reason())
        return f"{booking} is cancelled; the customer is told."

    return cancel


def resend_as(request: HttpRequest) -> Any:
    def resend(booking: Booking, form: ReasonForm) -> str:
        resend_confirmation(booking_id=booking.pk, by=actor_of_admin(request), now=now(), note=form.full_reason())
        return f"The confirmation of {booking} is on its way again."

    return resend


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(CustomerRecordAdmin):
    prefix = "WL-"
    list_display = ("id", "event", "customer", "qty", "status", "offer_expires_at", "created_at")
    search_help_text = "An entry's, event's or user's id, or the beginning of the customer's e-mail address"


@admin.register(EventJob)
class EventJobAdmin(ReadOnlyAdmin):
    """Work on everyone who booked: how far it is."""

    list_display = ("created_at", "kind", "event", "progress", "updated_at", "finished_at")
    list_filter = (("finished_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("event",)
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the one order that an index serves

    @admin.display(description="progress")
    def progress(self, job: EventJob) -> str:
        if job.finished_at:
            return f"done, {job.done:,}"
        return f"{job.percent_done} %, {job.done:,} of {job.total:,}"
