from django.urls import path

from . import views

urlpatterns = [
    path("orgs/", views.organisations, name="organisations"),
    path("orgs/tree/", views.tree, name="tree"),
    path("orgs/<str:organisation>/", views.organisation, name="organisation"),
    path("orgs/<str:organisation>/history/", views.history, name="organisation-history"),
]
