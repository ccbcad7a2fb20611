from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "jiceng.kernel.residents"
    label = "residents"
    verbose_name = "村民名册"
