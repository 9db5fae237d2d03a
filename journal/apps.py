from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        from journal import eventlog, handlers  # noqa: PLC0415 - needs loaded models

        handlers.register(eventlog.HANDLER)
