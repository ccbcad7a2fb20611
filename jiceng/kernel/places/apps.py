from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "jiceng.kernel.places"
    label = "places"
    verbose_name = "地方"
