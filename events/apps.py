from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts.blocking import EXTRAS  # noqa: PLC0415 - needs loaded models
        from config.panels import register as show  # noqa: PLC0415 - beside the others
        from events import blocking, lookups, mails, panels  # noqa: F401, PLC0415 - lookups registers itself on ArrayField
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
        EXTRAS.append(blocking.HIDE)
        show("accounts.user", panels.events_panel)
        show("accounts.user", panels.reports_panel)
