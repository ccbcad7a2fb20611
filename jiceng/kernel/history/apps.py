from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "jiceng.kernel.history"
    label = "history"
    verbose_name = "沿革"
