"""Files of a draft: put to it, taken off it, and the way out for those that were published with it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiceng.kernel.access import Request
from jiceng.kernel.files import actions as file_actions
from jiceng.kernel.files import queries as files
from jiceng.kernel.files.cleaning.outside import cleaned
from jiceng.kernel.files.views import answer
from jiceng.lib.refusals import Refused

from .. import forms, rules
from ..models import Notice, Publication


@require_POST
def attachments(request: Request, notice: str) -> HttpResponse:
    """Cleans a file and puts it to the draft."""
    found = get_object_or_404(rules.revise.among(Notice.objects.all(), request.actor), ref=notice)
    form = forms.Attachment(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "请选择一个文件，不超过 20 MB。")
        return redirect("notice", notice)
    file = form.cleaned_data["file"]
    try:
        kept = file_actions.keep(found, clean=cleaned(file.read(), file.name), by=request.actor, at=timezone.now())
        messages.success(request, f"已附上“{kept.name}”，作者、批注、拍摄地点这些看不见的内容已经去掉。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notice", notice)


@require_POST
def dropping(request: Request, notice: str, file: str) -> HttpResponse:
    """Takes a file off the draft."""
    found = get_object_or_404(rules.revise.among(Notice.objects.all(), request.actor), ref=notice)
    one = get_object_or_404(files.of(found), ref=file)
    try:
        file_actions.drop(one, by=request.actor, at=timezone.now())
        messages.success(request, f"已去掉“{one.name}”。")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("notice", notice)


def published_file(publication: Publication, ref: str) -> HttpResponse | None:
    """A file as it was frozen with a publication; None where there is none of that name."""
    frozen: list[dict[str, Any]] = publication.files
    found = next((one for one in frozen if one["ref"] == ref), None)
    return answer(found["digest"], found["name"], found["kind"]) if found else None
