from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "jiceng.engines.assembly"
    label = "assembly"
    verbose_name = "会议"

    def ready(self) -> None:
        from jiceng.kernel.people.actions import unions_are_followed

        from .actions.uniting import follow
        from .models import Candidate, RollEntry

        unions_are_followed(follow, RollEntry, Candidate)
