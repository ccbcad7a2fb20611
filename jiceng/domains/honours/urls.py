from django.urls import path

from . import views

urlpatterns = [
    path("awards/", views.awards, name="awards"),
    path("awards/<str:ref>/", views.award, name="award"),
    path("awards/<str:ref>/revoking/", views.revoking, name="award-revoking"),
    path("orgs/<str:organisation>/awards/recording/", views.recording, name="award-recording"),
]
