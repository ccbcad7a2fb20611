"""The verbs of accounts, sign-ins and tokens."""

from .accounts import disable, enable
from .passwords import Opened, Slip, change_password, open_accounts, reset
from .sessions import end_sign_in, sign_in, sign_out
from .tokens import Issued, end_token, issue_token

__all__ = [
    "Issued",
    "Opened",
    "Slip",
    "change_password",
    "disable",
    "enable",
    "end_sign_in",
    "end_token",
    "issue_token",
    "open_accounts",
    "reset",
    "sign_in",
    "sign_out",
]
