from django.urls import path

from . import views

urlpatterns = [
    path("coverage/", views.coverage, name="coverage"),
    path("pairings/", views.pairings, name="pairings"),
    path("units/<str:unit>/coverage/", views.unit_coverage, name="unit-coverage"),
    path("units/<str:unit>/coverage/new/", views.covering, name="covering"),
    path("units/<str:unit>/coverage/<str:organisation>/ending/", views.covering_end, name="covering-end"),
    path("units/<str:unit>/pairing/", views.pairing, name="pairing"),
    path("units/<str:unit>/pairing/<str:organisation>/ending/", views.pairing_end, name="pairing-end"),
    path("orgs/<str:organisation>/coverage/", views.organisation_coverage, name="organisation-coverage"),
]
