import os
from argparse import ArgumentParser
from functools import partial
from importlib import import_module
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import get_resolver
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from jiceng.project import checks, supervisor, timers, views

WSGI = "jiceng.project.wsgi"

THREADS = 8
"""Requests that one web process answers at a time; the rest wait their turn. Each holds a database connection."""


def add_port(parser: ArgumentParser) -> None:
    """The port that the platform answers on: said, or taken from PORT."""
    default = int(os.environ.get("PORT", "8000"))
    parser.add_argument("--port", type=int, default=default, help="端口，也可用环境变量 PORT")


class Command(BaseCommand):
    help = "启动平台：网页、后台任务、日志封签、数字汇总和定时任务，掉了的会自动重启。按 Ctrl+C 或发 SIGTERM 停止。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听地址（默认只在本机）")
        add_port(parser)
        parser.add_argument("--workers", type=int, default=2, help="网页进程数")

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        checks.require_safe_storage()
        missing = views.unapplied_migrations()
        if missing:
            raise CommandError(f"数据库还差 {len(missing)} 步迁移（{missing[0]} …）。请先运行 jiceng upgrade。")
        supervisor.run(programs(host, port, workers))


def programs(host: str, port: int, workers: int) -> dict[str, supervisor.Program]:
    """The programs that make up a running platform, by name."""
    return {
        "web": partial(serve, host, port, workers),
        "tasks": partial(call_command, "db_worker", queue_name="*", reload=False, verbosity=0),
        "seal": partial(call_command, "seal", watch=True),
        "figures": partial(call_command, "figures", "refresh", watch=True),
        "timers": timers.watch,
    }


def serve(host: str, port: int, workers: int) -> None:
    """Answers requests. The pages are read before the workers part, which then share the memory."""
    import_module(WSGI)
    len(get_resolver().url_patterns)
    Granian(
        f"{WSGI}:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=THREADS, backpressure=THREADS, log_level=LogLevels.error,
    ).serve()  # fmt: skip
