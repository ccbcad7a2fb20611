from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "jiceng.kernel.journal"
    label = "journal"
    verbose_name = "日志"
