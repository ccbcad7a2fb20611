from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "jiceng.domains.coverage"
    label = "coverage"
    verbose_name = "组织覆盖"
