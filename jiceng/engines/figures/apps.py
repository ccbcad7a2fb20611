from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "jiceng.engines.figures"
    label = "figures"
    verbose_name = "数据"

    def ready(self) -> None:
        from . import indicators  # noqa: F401  # reading the module registers the kind
