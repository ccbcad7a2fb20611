"""The workbench gathers the pages of every area."""

from importlib.util import find_spec

from django.urls import include, path

from . import journal, views

AREAS = (
    "jiceng.ui",
    "jiceng.kernel.journal",
    "jiceng.kernel.places",
    "jiceng.kernel.orgs",
    "jiceng.kernel.residents",
    "jiceng.kernel.units",
    "jiceng.kernel.people",
    "jiceng.kernel.accounts",
    "jiceng.kernel.posts",
    "jiceng.kernel.reorganisation",
    "jiceng.kernel.files",
    "jiceng.engines.figures",
    "jiceng.engines.notices",
    "jiceng.engines.intake",
    "jiceng.engines.assembly",
    "jiceng.engines.procedures",
    "jiceng.domains.coverage",
    "jiceng.domains.elections",
    "jiceng.domains.honours",
)

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("journal/", journal.journal, name="journal"),
    *(path("", include(f"{area}.urls")) for area in AREAS if find_spec(area) and find_spec(f"{area}.urls")),
]
