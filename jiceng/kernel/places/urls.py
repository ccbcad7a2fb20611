from django.urls import path

from . import views

urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/table/", views.places_table, name="places-table"),
    path("places/tree/", views.places_tree, name="places-tree"),
    path("places/<str:place>/", views.place, name="place"),
    path("places/<str:place>/history/", views.place_history, name="place-history"),
    path("places/<str:place>/addition/", views.addition, name="place-addition"),
    path("places/<str:place>/renaming/", views.renaming, name="place-renaming"),
    path("places/<str:place>/recoding/", views.recoding, name="place-recoding"),
    path("places/<str:place>/move/", views.move, name="place-move"),
    path("places/<str:place>/merger/", views.merger, name="place-merger"),
    path("places/<str:place>/closing/", views.closing, name="place-closing"),
]
