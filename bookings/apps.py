from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        from bookings import closing, jobs, mails, panels, waitlist  # noqa: PLC0415 - needs loaded models
        from config.panels import register as show  # noqa: PLC0415 - beside the others
        from events import services as events  # noqa: PLC0415 - needs loaded models
        from events.moderation import preview  # noqa: PLC0415 - needs loaded models
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
        register(jobs.HANDLER)
        events.after_change.append(waitlist.feed)
        preview.counters.append(closing.count_standing)
        show("accounts.user", panels.bookings_panel)
