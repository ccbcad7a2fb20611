from django.urls import path

from . import views

urlpatterns = [
    path("elections/", views.elections, name="elections"),
    path("elections/<str:ref>/", views.election, name="election"),
    path("orgs/<str:organisation>/elections/", views.organisation_elections, name="organisation-elections"),
    path("orgs/<str:organisation>/elections/poll/", views.polling, name="polling"),
    path("orgs/<str:organisation>/elections/taking-office/", views.taking_office, name="taking-office"),
    path("polls/<str:ref>/withdrawal/", views.poll_withdrawal, name="poll-withdrawal"),
]
