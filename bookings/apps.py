from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        from bookings import closing, journal_entries, panels, waitlist, waitlist_journal_entries  # noqa: PLC0415 - needs loaded models
        from bookings.handlers import CustomerMail, EventJobs  # noqa: PLC0415 - needs loaded models
        from config.panels import register as show  # noqa: PLC0415 - beside the others
        from events import services as events  # noqa: PLC0415 - needs loaded models
        from events.moderation import preview  # noqa: PLC0415 - needs loaded models
        from journal import catalogue, handlers  # noqa: PLC0415 - needs loaded models

        catalogue.register(journal_entries.ENTRY_TYPES)
        catalogue.register(waitlist_journal_entries.ENTRY_TYPES)
        handlers.register(CustomerMail(), EventJobs())
        events.after_change.append(waitlist.feed)
        preview.counters.append(closing.count_standing)
        show("accounts.user", panels.bookings_panel)
