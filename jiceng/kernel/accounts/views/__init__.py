"""Pages of accounts: coming in, one's own devices and keys, and the accounts of an organisation."""

from .accounts import account, account_disabling, account_enabling, account_reset, account_sessions, accounts, opening
from .own import password, session_ending, sessions, token_ending, tokens
from .sign_in import sign_in, sign_in_code, sign_out

__all__ = [
    "account",
    "account_disabling",
    "account_enabling",
    "account_reset",
    "account_sessions",
    "accounts",
    "opening",
    "password",
    "session_ending",
    "sessions",
    "sign_in",
    "sign_in_code",
    "sign_out",
    "token_ending",
    "tokens",
]
