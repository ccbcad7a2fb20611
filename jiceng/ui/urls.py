from django.urls import path

from jiceng.ui import views

app_name = "ui"
urlpatterns = [
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:room>/", views.gallery, name="room"),
]
