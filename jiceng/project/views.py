"""Whether the platform lives, and what somebody sees who is locked out."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answers as long as the process can answer anything."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and all migrations are applied, else 503 and which of them failed."""
    found = {"database": _database_answers(), "migrations": False}
    found["migrations"] = found["database"] and not unapplied_migrations()
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def unapplied_migrations() -> list[str]:
    """Migrations that the code has and the database has not."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many wrong passwords for one name from one address: say so, and say what helps."""
    return render(request, "project/locked_out.html", {"sign_in": settings.LOGIN_URL}, status=429)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
