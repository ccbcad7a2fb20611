from django.urls import path

from . import views

urlpatterns = [
    path("procedures/", views.procedures, name="procedures"),
    path("procedures/<slug:procedure>/", views.procedure, name="procedure"),
    path("cases/", views.cases, name="cases"),
    path("cases/<str:case>/", views.case, name="case"),
    path("cases/<str:case>/ending/", views.ending, name="case-ending"),
    path("cases/<str:case>/rounds/", views.round_, name="case-round"),
    path("cases/<str:case>/replies/<slug:reply>/", views.reply, name="case-reply"),
    path("cases/<str:case>/papers/<slug:paper>/", views.paper, name="case-paper"),
    path("cases/<str:case>/meeting/", views.meeting, name="case-meeting"),
    path("cases/<str:case>/meeting/bringing/", views.bringing, name="case-meeting-bringing"),
    path("cases/<str:case>/posting/", views.posting, name="case-posting"),
    path("cases/<str:case>/papers/<slug:paper>/printed/<slug:kind>/", views.document, name="case-document"),
    path("cases/<str:case>/ledger/<slug:kind>/", views.ledger, name="case-ledger"),
    path("cases/<str:case>/entries/<int:entry>/scan/", views.scan, name="case-scan"),
    path("cases/<str:case>/halting/<slug:halt>/", views.halting, name="case-halting"),
    path("cases/<str:case>/handing-over/", views.handing_over, name="case-handing-over"),
    path("cases/<str:case>/entries/<int:entry>/correction/", views.correction, name="case-correction"),
    path("orgs/<str:organisation>/cases/", views.organisation_cases, name="organisation-cases"),
    path("orgs/<str:organisation>/cases/opening/<slug:procedure>/", views.opening, name="organisation-opening"),
]
