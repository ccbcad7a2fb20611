from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "jiceng.project"
    label = "project"
    verbose_name = "平台"

    def ready(self) -> None:
        from jiceng.engines.figures.catalogue import facts_come_from
        from jiceng.engines.intake.catalogue import sheets_come_from

        from . import checks  # noqa: F401  # reading the module registers the checks
        from .facts import FACTS
        from .sheets.all import SHEETS

        facts_come_from(FACTS)
        sheets_come_from(SHEETS)
