from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "jiceng.faces.public"
    label = "public"
    verbose_name = "公开栏"
