from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        from journal.event_log import EventLog  # noqa: PLC0415 - needs loaded models
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(EventLog())
