from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "jiceng.engines.procedures"
    label = "procedures"
    verbose_name = "办事程序"

    def ready(self) -> None:
        from jiceng.kernel.people.actions import unions_are_followed

        from . import declarations  # noqa: F401  # reading the module registers the kind
        from .actions.uniting import follow
        from .models import Case

        unions_are_followed(follow, Case)
