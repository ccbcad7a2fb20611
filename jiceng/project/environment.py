"""What an installation may choose, read from JICENG_* variables and checked before anything else runs."""

import os
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "JICENG_"

MAKE_ONE = "可以这样生成一个：python3 -c 'import secrets; print(secrets.token_hex(32))'"

SQLITE_OPTIONS = {
    # WAL + FULL lost nothing in repeated power cuts; WAL + NORMAL, the usual advice, lost acknowledged transactions.
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON",
    # What is purged is overwritten at once: its bytes would otherwise stay in free pages of the file.
    # A transaction that begins by reading and then writes would fail at once instead of waiting for its turn.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
}


def _hex_key(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdefABCDEF"):
        raise ValueError("要求 64 个十六进制数字（32 字节）")
    return text


class Environment(BaseSettings):
    """Every variable of an installation. Secrets have no default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_file_encoding="utf-8")

    secret_key: Annotated[str, Field(min_length=50)]
    sealing_key: Annotated[str, AfterValidator(_hex_key)]
    database_url: str = "sqlite:///var/jiceng.sqlite3"
    data_dir: Path = Path("var")
    hosts: str = "127.0.0.1,localhost"
    csrf_trusted_origins: str = ""
    https: bool = True
    """Whether people reach the platform over HTTPS: secure cookies, HSTS. Only a trial on one machine says no."""
    place: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] = "national"
    """Whose pack is in force; the national one is under every place's."""
    proxies: Annotated[int, Field(ge=0, le=5)] = 0
    """How many reverse proxies of our own stand in front; their X-Forwarded-For and -Proto are believed."""
    debug: bool = False


def read() -> Environment:
    """The environment, or ImproperlyConfigured with one plain sentence for each variable that is missing or wrong."""
    file = os.environ.get(f"{PREFIX}ENV_FILE", "var/jiceng.env")
    try:
        return Environment(_env_file=file or None)
    except ValidationError as error:
        raise ImproperlyConfigured("\n".join(_sentence(dict(fault)) for fault in error.errors())) from None


def _sentence(fault: dict[str, Any]) -> str:
    name = PREFIX + str(fault["loc"][0]).upper()
    if fault["type"] == "missing":
        return f"缺少环境变量 {name}，平台不能启动。" + (MAKE_ONE if name.endswith("KEY") else "")
    return f"环境变量 {name} 的值不对：{fault['msg']}。" + (MAKE_ONE if name.endswith("KEY") else "")


def listed(text: str) -> list[str]:
    """The parts of a comma-separated value."""
    return [part.strip() for part in text.split(",") if part.strip()]


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at a sqlite:///path or postgresql://user:password@host:port/name address."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path.removeprefix("/"))).absolute()
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": dict(SQLITE_OPTIONS)}
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        f"{PREFIX}DATABASE_URL 要以 sqlite:/// 或 postgresql:// 开头，现在是：{parts.scheme}://…"
    )
