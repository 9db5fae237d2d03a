from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.admin import panels  # noqa: PLC0415 - needs loaded models
        from accounts.handlers import PasswordResetMail  # noqa: PLC0415 - needs loaded models
        from accounts.journal_entries import ENTRY_TYPES  # noqa: PLC0415 - needs loaded models
        from config.admin.panels import register as show  # noqa: PLC0415 - beside the others
        from journal import catalogue, handlers  # noqa: PLC0415 - needs loaded models

        catalogue.register(ENTRY_TYPES)
        handlers.register(PasswordResetMail())
        show("accounts.user", panels.decisions_panel)
