"""What this platform never has, as plain functions from names and texts to faults. A fault is a sentence.

No clock-in, no positions or tracks, no order of people or branches by points, uploads or time, no time spent online, no
photo demanded as proof, nothing about beliefs, opinions or relations, and no scores of residents.
"""

import re
from collections.abc import Iterable, Iterator

from django import forms
from django.db import models

NAMES = {
    "clock-in": r"clock_?-?in|check_?-?in(?!g)|punch|attendance_time|qiandao|daka",
    "positions and tracks": r"latitude|longitude|\blat\b|\blng\b|\blon\b|gps|geoloc\w*|coordinates?|"
    r"position_of|track(?!ed_by)|"
    r"trajectory|whereabouts|point_?field|accuracy_m",
    "rankings": r"rank(?:ing|ed)?(?:_|\b)|leader_?-?board|top_?ten|league|placing",
    "points and scores of people": r"points?(?:_|\b)|credit_score|social_score|resident_score|integral",
    "time spent online": r"online[_-]?(?:time|minutes|seconds|duration)|time_?spent|dwell|"
    r"last_?seen|active_?minutes|read_?seconds",
    "photos of people as proof": r"photo|selfie|face_?id|snapshot_image|proof_image|portrait|fingerprint",
    "beliefs": r"religio\w*|faith|belief|church|sect|opinion|ideolog\w*|attitude|loyal\w*",
    "relations and life": r"spouse|marri\w*|kinship|relatives?(?:_|\b)|health(?!z)|disease|sexual|orientation",
}  # fmt: skip
"""What a field, an address or a form would be called."""

WORDS = {
    "clock-in": r"打卡|签到",
    "positions and tracks": r"定位|经纬度|经度|纬度|轨迹|行踪|人脸|足迹",
    "rankings": r"排行|排名|榜单|红黑榜|末位|名次|先进榜",
    "points and scores of people": r"积分|信用分|文明分|居民评分|打分排",
    "time spent online": r"在线时长|学习时长|浏览时长|在线时间|停留时间|活跃度",
    "photos of people as proof": r"拍照上传|上传照片|现场照片|自拍|照片为证|附照片",
    "beliefs": r"宗教|信仰|信教|思想动态|思想倾向|政治倾向|忠诚度",
    "relations and life": r"社会关系|婚姻状况|家庭关系|健康状况|亲属",
}
"""What a page or a column would say."""

SAYS_NEVER = re.compile(
    r"不(?:要|许|得|用|搞|设|记|看|做|排|收|采集|要求)?[^。；，]{0,12}$|没有[^。；，]{0,12}$|从不[^。；，]{0,12}$"
)
"""A sentence that says that it is not done says it before the word."""

BROWSER = re.compile(r"navigator\.geolocation|getCurrentPosition|watchPosition|getUserMedia|mediaDevices|sendBeacon|"
                     r"\bcapture\s*=\s*[\"'](?:user|environment)|requestIdleCallback\s*\(.*beacon")  # fmt: skip
ORDERED = re.compile(r"order_by\([^)]*[\"']-?(?:points?|score|count|total|uploads|number_of|"
                     r"minutes|times?|visits)[\"']|\bRank\(\)|DenseRank\(\)|RowNumber\(\)")  # fmt: skip
"""Lists of people or branches in an order of merit."""


def named(name: str, table: dict[str, str] = NAMES) -> Iterator[str]:
    """A name that says what there must not be."""
    for what, pattern in table.items():
        if re.search(pattern, name, re.IGNORECASE):
            yield f"{name}: {what}"


def said(text: str) -> Iterator[str]:
    """Chinese that says it, but for sentences that say that it is not done."""
    for what, pattern in WORDS.items():
        for found in re.finditer(pattern, text):
            if not SAYS_NEVER.search(text[max(0, found.start() - 20) : found.start()]):
                yield f"{found.group()}: {what}"


def in_model(model: type[models.Model]) -> Iterator[str]:
    """Fields that keep it, by name, by label, by kind."""
    for field in model._meta.concrete_fields:
        where = f"{model._meta.label}.{field.name}"
        words = f"{field.verbose_name} {field.help_text}"
        yield from (f"{where}: {fault}" for fault in (*named(field.name), *said(words)))
        if isinstance(field, models.ImageField) and not field.blank:
            yield f"{where}: a picture is demanded"


def in_form(form: type[forms.Form]) -> Iterator[str]:
    """Fields that ask for it; a picture that must be there."""
    for name, field in form.base_fields.items():
        where = f"{form.__module__}.{form.__name__}.{name}"
        yield from (f"{where}: {fault}" for fault in (*named(name), *said(f"{field.label} {field.help_text}")))
        accepted = str(field.widget.attrs.get("accept", ""))
        if field.required and (isinstance(field, forms.ImageField) or "image" in accepted):
            yield f"{where}: a picture is demanded"


def in_addresses(addresses: Iterable[str]) -> Iterator[str]:
    """Addresses of it."""
    for address in addresses:
        yield from (f"{address}: {fault}" for fault in (*named(address), *said(address)))


def in_template(text: str) -> Iterator[str]:
    """Pages that show it or ask for it."""
    plain = re.sub(r"{#.*?#}|<!--.*?-->|{% comment.*?endcomment %}", "", text, flags=re.DOTALL)
    yield from said(plain)
    yield from (f"{found.group()}: asks the browser where or who somebody is" for found in BROWSER.finditer(plain))
    for field in re.finditer(r"<input[^>]*type=[\"']?file[^>]*>", plain):
        if "required" in field.group() and "image" in field.group():
            yield f"{field.group()[:60]}: a picture is demanded"


def in_code(text: str) -> Iterator[str]:
    """Orders of merit in queries, and browsers that are asked where somebody is."""
    yield from (f"{found.group()[:60]}: an order of merit" for found in ORDERED.finditer(text))
    yield from (f"{found.group()}: asks the browser where or who somebody is" for found in BROWSER.finditer(text))
