from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "jiceng.domains.elections"
    label = "elections"
    verbose_name = "换届选举"

    def ready(self) -> None:
        from jiceng.kernel.people.actions import unions_are_followed

        from .actions.uniting import follow
        from .models import Contestant, Elected

        unions_are_followed(follow, Elected, Contestant)
