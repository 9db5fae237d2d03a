from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import blocking, mails  # noqa: PLC0415 - needs loaded models
        from config import panels  # noqa: PLC0415 - beside the others
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
        panels.register("accounts.user", blocking.decisions_panel)
