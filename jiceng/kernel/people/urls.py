from django.urls import path

from . import views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("people/", views.people, name="people"),
    path("people/<str:person>/", views.person, name="person"),
    path("people/<str:person>/looks/", views.looks, name="person-looks"),
    path("people/<str:person>/sealed/<str:kind>/", views.sealed, name="person-sealed"),
    path("people/<str:person>/acts/<slug:act>/", views.act, name="person-act"),
    path("orgs/<str:organisation>/people/", views.members, name="organisation-people"),
    path("orgs/<str:organisation>/people/received/", views.received, name="received-people"),
    path("orgs/<str:organisation>/people/reception/<str:person>/", views.reception, name="reception"),
    path("orgs/<str:organisation>/people/purpose/", views.purpose, name="people-purpose"),
    path("orgs/<str:organisation>/people/export/", views.export, name="people-export"),
    path("orgs/<str:organisation>/people/admission/", views.admission, name="admission"),
    path("orgs/<str:organisation>/people/application/", views.application, name="application"),
    path("orgs/<str:organisation>/people/by-number/", views.by_number, name="people-by-number"),
]
