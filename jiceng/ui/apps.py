from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "jiceng.ui"
    label = "ui"
    verbose_name = "界面"
