"""Every refusal as one shape, RFC 9457, in the reader's language."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from jiceng.lib.refusals import Refused

MEDIA_TYPE = "application/problem+json"

_KINDS = {
    "missing": "缺少这一项。",
    "string_too_short": "太短。",
    "string_too_long": "太长。",
    "string_type": "要写成文字。",
    "int_parsing": "要写成整数。",
    "date_from_datetime_parsing": "日期要写成 2026-05-18 这样。",
    "date_parsing": "日期要写成 2026-05-18 这样。",
    "enum": "不在可选的值里。",
    "literal_error": "不在可选的值里。",
    "extra_forbidden": "没有这一项。",
    "json_invalid": "不是正确的 JSON。",
}


def problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    """One problem document."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JsonResponse(said, status=status, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


class Described(NinjaAPI):
    """An API whose description says, like its answers, that a refusal is a problem document."""

    def get_openapi_schema(self, **asked: Any) -> OpenAPISchema:
        description = super().get_openapi_schema(**asked)
        for path in description["paths"].values():
            for operation in path.values():
                refusals = [answer for status, answer in operation["responses"].items() if int(status) >= 400]
                for answer in refusals:
                    answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
        return description


def answer_refusals(api: NinjaAPI) -> None:
    """Says how each kind of refusal is answered."""

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = problem(401, "没有登录", "请在 Authorization 里给出有效的令牌。")
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(PermissionDenied)
    def not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(403, "没有权限", str(error) or "您没有这项权限。")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "没有找到", "没有这条记录，或您看不到它。")

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        if isinstance(error, PermissionDenied):
            return not_allowed(request, error)
        return problem(409, "现在不能办", str(error))

    @api.exception_handler(IntegrityError)
    def clashing(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        return problem(409, "现在不能办", "和库里已有的记录冲突，请刷新后再试。")

    @api.exception_handler(DataError)
    def not_storable(request: HttpRequest, error: DataError) -> HttpResponse:
        return problem(422, "填写有误", "请求里有数据库存不下的内容，例如空字符或太大的数。")

    @api.exception_handler(ValidationError)
    def wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [
            {"where": "/".join(str(part) for part in fault["loc"]), "what": _KINDS.get(fault["type"], "填写得不对。")}
            for fault in error.errors
        ]
        return problem(422, "填写有误", "请按 faults 逐项改正。", faults=faults)

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "请求读不懂", "请求体不是正确的 JSON。")
