from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import lookups, mails  # noqa: F401, PLC0415 - lookups registers itself on ArrayField
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
