from django.urls import path

from . import views

urlpatterns = [
    path("orgs/<str:organisation>/posts/", views.organisation_posts, name="organisation-posts"),
    path("orgs/<str:organisation>/posts/appointment/", views.appointment, name="appointment"),
    path("orgs/<str:organisation>/posts/administrator/", views.administrator, name="administrator"),
    path("orgs/<str:organisation>/posts/slips/", views.slips, name="slips"),
    path("orgs/<str:organisation>/term/", views.term, name="term"),
    path("orgs/<str:organisation>/term/extension/", views.term_extension, name="term-extension"),
    path("orgs/<str:organisation>/term/correction/", views.term_correction, name="term-correction"),
    path("orgs/<str:organisation>/joint-body/", views.forming, name="forming"),
    path("posts/<str:ref>/", views.post, name="post"),
    path("posts/<str:ref>/handover/", views.handover, name="handover"),
    path("posts/<str:ref>/vacating/", views.vacating, name="vacating"),
    path("posts/<str:ref>/correction/", views.correction, name="correction"),
    path("terms/", views.terms, name="terms"),
    path("joint-bodies/", views.joint_bodies, name="joint-bodies"),
    path("joint-bodies/<str:ref>/", views.joint_body, name="joint-body"),
    path("joint-bodies/<str:ref>/seat/", views.seat, name="seat"),
    path("joint-bodies/<str:ref>/seats/<int:number>/ending/", views.seat_ending, name="seat-ending"),
    path("joint-bodies/<str:ref>/pair/", views.pair, name="pair"),
    path("joint-bodies/<str:ref>/pairs/<int:number>/ending/", views.pair_ending, name="pair-ending"),
    path("joint-bodies/<str:ref>/ending/", views.body_ending, name="body-ending"),
]
