from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "jiceng.engines.procedures"
    label = "procedures"
    verbose_name = "办事程序"

    def ready(self) -> None:
        from . import declarations  # noqa: F401  # reading the module registers the kind
