from django.urls import path

from . import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("orgs/<str:organisation>/figures/", views.organisation_figures, name="organisation-figures"),
    path("orgs/<str:organisation>/figures/<slug:key>/", views.figure, name="organisation-figure"),
    path("orgs/<str:organisation>/figures/<slug:key>/records/", views.records, name="organisation-figure-records"),
    path(
        "orgs/<str:organisation>/figures/<slug:key>/reportings/", views.reporting, name="organisation-figure-reportings"
    ),
]
