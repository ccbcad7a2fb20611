from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "jiceng.engines.packs"
    label = "packs"
    verbose_name = "地方包"

    def ready(self) -> None:
        from . import kinds  # noqa: F401  # reading the module registers the kinds
