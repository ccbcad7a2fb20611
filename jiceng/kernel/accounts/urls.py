from django.urls import path

from . import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code.svg", views.sign_in_code, name="sign-in-code"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.password, name="password"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<str:ref>/ending/", views.session_ending, name="session-ending"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<str:ref>/ending/", views.token_ending, name="token-ending"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/<str:ref>/", views.account, name="account"),
    path("accounts/<str:ref>/reset/", views.account_reset, name="account-reset"),
    path("accounts/<str:ref>/disabling/", views.account_disabling, name="account-disabling"),
    path("accounts/<str:ref>/enabling/", views.account_enabling, name="account-enabling"),
    path("accounts/<str:ref>/sessions/<str:session>/ending/", views.account_sessions, name="account-session-ending"),
    path("orgs/<str:organisation>/accounts/", views.opening, name="organisation-accounts"),
]
