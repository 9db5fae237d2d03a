from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "realtime"

    def ready(self) -> None:
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models
        from realtime.handlers import Notifications, WebhookDeliveries  # noqa: PLC0415 - needs loaded models

        register(Notifications(), WebhookDeliveries())
