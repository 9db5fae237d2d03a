from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts.blocking import EXTRAS  # noqa: PLC0415 - needs loaded models
        from config.panels import register as show  # noqa: PLC0415 - beside the others
        from events import blocking, lookups, panels  # noqa: F401, PLC0415 - lookups registers itself on ArrayField
        from events.handlers import DecisionMail  # noqa: PLC0415 - needs loaded models
        from events.journal_entries import ENTRY_TYPES  # noqa: PLC0415 - needs loaded models
        from journal import catalogue, handlers  # noqa: PLC0415 - needs loaded models

        catalogue.register(ENTRY_TYPES)
        handlers.register(DecisionMail())
        EXTRAS.append(blocking.HIDE)
        show("accounts.user", panels.events_panel)
        show("accounts.user", panels.reports_panel)
