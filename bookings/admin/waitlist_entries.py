"""Waitlist entries in the admin."""

from django.contrib import admin

from bookings.admin.search import CustomerRecordAdmin
from bookings.models import WaitlistEntry


@admin.register(WaitlistEntry)
class WaitlistEntryAdmin(CustomerRecordAdmin):
    prefix = "WL-"
    list_display = ("id", "event", "customer", "qty", "status", "offer_expires_at", "created_at")
    search_help_text = "The id of an entry, an event or a user, or the beginning of the customer's e-mail address"
