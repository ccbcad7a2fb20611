from django.apps import AppConfig


class ReorganisationConfig(AppConfig):
    name = "jiceng.kernel.reorganisation"
    label = "reorganisation"
    verbose_name = "机构调整"
