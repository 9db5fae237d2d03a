from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts.blocking import EXTRAS  # noqa: PLC0415 - needs loaded models
        from config import panels  # noqa: PLC0415 - beside the others
        from events import blocking, lookups, mails  # noqa: F401, PLC0415 - lookups registers itself on ArrayField
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
        EXTRAS.append(blocking.HIDE)
        for make in blocking.PANELS:
            panels.register("accounts.user", make)
