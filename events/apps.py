from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import lookups  # noqa: F401, PLC0415 - registers itself on ArrayField
