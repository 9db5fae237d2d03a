from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import mails, panels  # noqa: PLC0415 - needs loaded models
        from config.panels import register as show  # noqa: PLC0415 - beside the others
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
        show("accounts.user", panels.decisions_panel)
