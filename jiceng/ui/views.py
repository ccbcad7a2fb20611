"""The gallery: every part in every state, in each of the rooms."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiceng.ui import icons, samples

ROOMS = ("desk", "form", "board", "sign", "document")


@require_safe
def gallery(request: HttpRequest, room: str = "desk") -> HttpResponse:
    if room not in ROOMS:
        raise Http404
    return render(request, f"ui/gallery/{room}.html", samples.context() | {"icon_names": icons.names()})
