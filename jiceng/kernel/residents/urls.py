from django.urls import path

from . import views

urlpatterns = [
    path("orgs/<str:organisation>/rolls/", views.rolls, name="rolls"),
    path("orgs/<str:organisation>/rolls/listing/", views.listing, name="roll-listing"),
    path("rolls/<str:ref>/leaving/", views.leaving, name="listing-leaving"),
    path("rolls/<str:ref>/correction/", views.correction, name="listing-correction"),
]
