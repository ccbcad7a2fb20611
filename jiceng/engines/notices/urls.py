from django.urls import path

from .views import answering, attaching, calendar, notices, writing

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/due/", calendar.due, name="notices-due"),
    path("notices/objections/", answering.objections, name="objections"),
    path("notices/objections/<str:objection>/", answering.objection, name="objection"),
    path("notices/<str:notice>/", notices.notice, name="notice"),
    path("notices/<str:notice>/revision/", writing.revision, name="notice-revision"),
    path("notices/<str:notice>/publication/", writing.publication, name="notice-publication"),
    path("notices/<str:notice>/correction/", writing.correction, name="notice-correction"),
    path("notices/<str:notice>/withdrawal/", writing.withdrawal, name="notice-withdrawal"),
    path("notices/<str:notice>/discarding/", writing.discarding, name="notice-discarding"),
    path("notices/<str:notice>/attachments/", attaching.attachments, name="notice-attachments"),
    path("notices/<str:notice>/attachments/<str:file>/dropping/", attaching.dropping, name="notice-dropping"),
    path("orgs/<str:organisation>/notices/", notices.organisation_notices, name="organisation-notices"),
    path("orgs/<str:organisation>/notices/composition/", writing.composition, name="notice-composition"),
    path("orgs/<str:organisation>/notices/due/", calendar.organisation_due, name="organisation-notices-due"),
]
