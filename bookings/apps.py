from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "bookings"

    def ready(self) -> None:
        from bookings import mails  # noqa: PLC0415 - needs loaded models
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
