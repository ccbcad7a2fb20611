from django.apps import AppConfig


class FieldsConfig(AppConfig):
    name = "jiceng.engines.fields"
    label = "fields"
    verbose_name = "申报的栏目"
