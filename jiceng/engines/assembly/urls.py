from django.urls import path

from . import views

urlpatterns = [
    path("meetings/", views.meetings, name="meetings"),
    path("meetings/<str:meeting>/", views.meeting, name="meeting"),
    path("meetings/<str:meeting>/papers/<slug:paper>/<slug:kind>/", views.printed, name="meeting-paper"),
    path("orgs/<str:organisation>/meetings/", views.organisation_meetings, name="organisation-meetings"),
    path("orgs/<str:organisation>/meetings/recording/<slug:kind>/", views.recording, name="meeting-recording"),
]
