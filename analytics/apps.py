from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        from analytics.admin import panels  # noqa: PLC0415 - needs loaded models
        from analytics.handlers import RollUps  # noqa: PLC0415 - needs loaded models
        from config.admin.panels import register as show  # noqa: PLC0415 - beside the others
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(RollUps())
        show("accounts.user", panels.sales_panel)
