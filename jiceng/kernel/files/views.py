"""The one way out for a file: to whoever may see its record, to be saved and never to be shown in place."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from jiceng.kernel.access import Request

from . import queries
from .cleaning.refusing import KINDS


def answer(digest: str, name: str, kind: str) -> HttpResponse:
    """A stored content as something to save. What a browser could still do with it, the policy forbids."""
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(queries.content_of(digest), content_type=KINDS[kind], headers=headers)


@require_safe
def file(request: Request, file: str) -> HttpResponse:
    """One file."""
    found = queries.visible(file, request.actor)
    if found is None:
        raise Http404
    return answer(found.digest, found.name, found.kind)
