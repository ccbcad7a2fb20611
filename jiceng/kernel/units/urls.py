from django.urls import path

from . import views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<str:unit>/", views.unit, name="unit"),
    path("units/<str:unit>/state/", views.unit_state, name="unit-state"),
    path("units/<str:unit>/correction/", views.unit_correction, name="unit-correction"),
    path("units/<str:unit>/closing/", views.unit_closing, name="unit-closing"),
    path("units/<str:unit>/handover/", views.unit_handover, name="unit-handover"),
    path("orgs/<str:organisation>/units/", views.organisation_units, name="organisation-units"),
    path("orgs/<str:organisation>/units/registration/", views.unit_registration, name="unit-registration"),
]
