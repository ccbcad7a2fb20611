from django.urls import path

from . import views

urlpatterns = [
    path("orgs/<str:organisation>/founding/", views.founding, name="organisation-founding"),
    path("orgs/<str:organisation>/renaming/", views.renaming, name="organisation-renaming"),
    path("orgs/<str:organisation>/upgrade/", views.upgrade, name="organisation-upgrade"),
    path("orgs/<str:organisation>/move/", views.move, name="organisation-move"),
    path("orgs/<str:organisation>/merger/", views.merger, name="organisation-merger"),
    path("orgs/<str:organisation>/split/", views.split, name="organisation-split"),
    path("orgs/<str:organisation>/dissolution/", views.dissolution, name="organisation-dissolution"),
    path("orgs/<str:organisation>/ending/", views.ending, name="organisation-ending"),
]
