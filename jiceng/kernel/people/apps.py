from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "jiceng.kernel.people"
    label = "people"
    verbose_name = "党员"
