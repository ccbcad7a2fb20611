from django.urls import path

from . import views

urlpatterns = [
    path("intake/", views.batches, name="intake"),
    path("intake/upload/", views.upload, name="intake-upload"),
    path("intake/sheets/<slug:sheet>/template/", views.template, name="intake-template"),
    path("intake/sheets/<slug:sheet>/export/", views.export, name="intake-export"),
    path("intake/<str:batch>/", views.batch, name="intake-batch"),
    path("intake/<str:batch>/progress/", views.progress, name="intake-progress"),
    path("intake/<str:batch>/problems/", views.problems, name="intake-problems"),
    path("intake/<str:batch>/problems/workbook/", views.problems_workbook, name="intake-problems-workbook"),
    path("intake/<str:batch>/rows/", views.rows, name="intake-rows"),
    path("intake/<str:batch>/orders/", views.orders, name="intake-orders"),
    path("intake/<str:batch>/discarding/", views.discarding, name="intake-discarding"),
]
