from django.urls import path

from . import views

urlpatterns = [path("files/<str:file>/", views.file, name="file")]
