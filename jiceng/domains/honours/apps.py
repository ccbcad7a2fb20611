from django.apps import AppConfig


class HonoursConfig(AppConfig):
    name = "jiceng.domains.honours"
    label = "honours"
    verbose_name = "表彰"

    def ready(self) -> None:
        from jiceng.kernel.people.actions import unions_are_followed

        from .actions import follow
        from .models import Award

        unions_are_followed(follow, Award)
