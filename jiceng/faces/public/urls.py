from django.contrib.auth.decorators import login_not_required
from django.urls import path

from . import views

urlpatterns = [
    path("", login_not_required(views.board), name="public"),
    path("places/", login_not_required(views.places), name="public-places"),
    path("search/", login_not_required(views.search), name="public-search"),
    path("receipts/", login_not_required(views.receipts), name="public-receipts"),
    path("orgs/<str:organisation>/", login_not_required(views.organisation), name="public-organisation"),
    path("orgs/<str:organisation>/feed/", login_not_required(views.feed), name="public-feed"),
    path("orgs/<str:organisation>/<slug:kind>/feed/", login_not_required(views.feed), name="public-kind-feed"),
    path("notices/<str:notice>/", login_not_required(views.notice), name="public-notice"),
    path("notices/<str:notice>/files/<str:file>/<str:name>", login_not_required(views.file), name="public-file"),
    path("notices/<str:notice>/paper/", login_not_required(views.paper), name="public-paper"),
    path("notices/<str:notice>/objection/", login_not_required(views.objection), name="public-objection"),
]
