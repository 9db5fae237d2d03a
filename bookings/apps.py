from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        from bookings import journal_entries  # noqa: PLC0415 - needs loaded models
        from bookings.admin import panels  # noqa: PLC0415 - needs loaded models
        from bookings.bulk import cancel_bookings  # noqa: PLC0415 - needs loaded models
        from bookings.handlers import CustomerMail, EventJobs  # noqa: PLC0415 - needs loaded models
        from bookings.waitlist import journal_entries as waitlist_journal_entries  # noqa: PLC0415 - needs loaded models
        from bookings.waitlist import offers  # noqa: PLC0415 - needs loaded models
        from config.admin.panels import register as register_panel  # noqa: PLC0415 - beside the others
        from events import versioned_change as events  # noqa: PLC0415 - needs loaded models
        from events.moderation import cancellation_preview  # noqa: PLC0415 - needs loaded models
        from journal import catalogue, handlers  # noqa: PLC0415 - needs loaded models

        catalogue.register(journal_entries.ENTRY_TYPES)
        catalogue.register(waitlist_journal_entries.ENTRY_TYPES)
        handlers.register(CustomerMail(), EventJobs())
        events.after_change.append(offers.offer_after_change)
        cancellation_preview.counters.append(cancel_bookings.count_confirmed)
        register_panel("accounts.user", panels.bookings_panel)
