from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models
        from realtime import notifications  # noqa: PLC0415 - needs loaded models
        from realtime.webhooks import handler  # noqa: PLC0415 - needs loaded models

        register(notifications.HANDLER)
        register(handler.HANDLER)
