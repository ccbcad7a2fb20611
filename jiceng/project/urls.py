"""Addresses: the platform's own, then each face's. A face gathers the areas that it shows."""

from importlib.util import find_spec

from django.urls import include, path

from . import views

FACES = (
    ("api/", "jiceng.faces.api"),
    ("public/", "jiceng.faces.public"),
    ("", "jiceng.faces.web"),
)

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    *(path(prefix, include(f"{face}.urls")) for prefix, face in FACES if find_spec(face) and find_spec(f"{face}.urls")),
]
