from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics import rollups  # noqa: PLC0415 - needs loaded models
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(rollups.HANDLER)
