from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "jiceng.faces.web"
    label = "web"
    verbose_name = "工作台"
