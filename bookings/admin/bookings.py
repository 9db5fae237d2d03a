"""Bookings in the admin. They are shown only: cancelling goes through the same service as in the API."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant

from accounts.admin.actor import actor_of_admin
from accounts.models import User
from bookings.admin.booking_history import booking_history
from bookings.admin.forms import CancelForm, ResendForm
from bookings.admin.search import CustomerRecordAdmin
from bookings.cancellation import cancel_booking
from bookings.models import Booking
from bookings.resend_confirmation import resend_confirmation
from config.admin.links import change_link
from config.admin.permissions import has_permission
from config.admin.reason_forms import ReasonForm, ask_reason
from config.core.clock import now
from events.models import Event

Act = Callable[[Booking, ReasonForm], str]  # returns the message of success


def link(found: Event | User, text: str) -> str:
    return format_html('<a class="bo-link" href="{}">{}</a>', change_link(found), text)


@admin.register(Booking)
class BookingAdmin(CustomerRecordAdmin):
    prefix = "BK-"
    list_display = ("id", "event", "customer", "qty", "amount", "status", "created_at")
    search_help_text = "The id of a booking, an event or a user, or the beginning of the customer's e-mail address"
    actions_detail = ("cancel", "resend")
    change_form_outer_after_template = "bookings/admin/history.html"
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
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        booking = self.get_object(request, object_id)
        rows = booking_history(booking) if booking else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "rows": rows})

    def has_cancel_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return has_permission(request, "bookings.cancel_booking")

    def has_resend_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return has_permission(request, "bookings.resend_mail")

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[UnfoldAction]:
        """Offer the actions for confirmed bookings only."""
        booking = self.get_object(request, object_id)
        is_confirmed = booking is not None and booking.status == Booking.Status.CONFIRMED
        return super().get_actions_detail(request, object_id) if is_confirmed else []

    @action(
        description="Cancel for the customer",
        url_path="cancel",
        permissions=["cancel"],
        icon="cancel",
        variant=ActionVariant.DANGER,
    )
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = {
            "title": "Cancel for the customer",
            "button": "Cancel the booking",
            "explanation": (
                "The seats and the amount go back at once. Customers on the waitlist are offered the seats first. "
                "The customer gets a mail."
            ),
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

    def ask(
        self, request: HttpRequest, object_id: str, *, form: type[ReasonForm], page: dict[str, str], perform: Act
    ) -> HttpResponse:
        booking = self.get_object(request, object_id)
        if booking is None:
            return HttpResponseRedirect(reverse("admin:index"))
        return ask_reason(request, self, [booking], form=form, page=page, perform=perform)


def cancel_as(request: HttpRequest) -> Act:
    def cancel(booking: Booking, form: ReasonForm) -> str:
        cancel_booking(booking_id=booking.pk, by=actor_of_admin(request), now=now(), note=form.full_reason())
        return f"{booking} is cancelled; the customer is notified."

    return cancel


def resend_as(request: HttpRequest) -> Act:
    def resend(booking: Booking, form: ReasonForm) -> str:
        resend_confirmation(booking_id=booking.pk, by=actor_of_admin(request), now=now(), note=form.full_reason())
        return f"The confirmation of {booking} will be sent again."

    return resend
