from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import mails  # noqa: PLC0415 - needs loaded models
        from journal.handlers import register  # noqa: PLC0415 - needs loaded models

        register(mails.HANDLER)
