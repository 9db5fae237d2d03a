from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from accounts.admin.block_pages import BLOCK_OPTIONS  # noqa: PLC0415 - needs loaded models
        from config.admin.panels import register as register_panel  # noqa: PLC0415 - beside the others
        from config.mongo import lookups  # noqa: F401, PLC0415 - registers itself on ArrayField
        from events.admin import panels  # noqa: PLC0415 - needs loaded models
        from events.handlers import DecisionMail  # noqa: PLC0415 - needs loaded models
        from events.journal_entries import ENTRY_TYPES  # noqa: PLC0415 - needs loaded models
        from events.moderation import block_option  # noqa: PLC0415 - needs loaded models
        from journal import catalogue, handlers  # noqa: PLC0415 - needs loaded models

        catalogue.register(ENTRY_TYPES)
        handlers.register(DecisionMail())
        BLOCK_OPTIONS.append(block_option.HIDE)
        register_panel("accounts.user", panels.events_panel)
        register_panel("accounts.user", panels.reports_panel)
