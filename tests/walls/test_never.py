"""The list of what there never is, kept by checks that are shown to catch what they forbid."""

import importlib
import inspect
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.urls import get_resolver

import jiceng
from tests.walls import never

HOUSE = Path(jiceng.__file__).parent

ALLOWED = {
    'engines/intake/queries.py: order_by("-times": an order of merit',  # kinds of faults in a file, the commonest first
}
"""Findings that are right as they are, each with its reason beside it."""


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("jiceng.")]


def own_forms() -> list[type[forms.Form]]:
    found = []
    for path in sorted(HOUSE.rglob("forms.py")):
        module = importlib.import_module(".".join(("jiceng", *path.relative_to(HOUSE).with_suffix("").parts)))
        found += [one for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, forms.Form)]
    return found


def addresses(patterns, above: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        here = above + str(pattern.pattern)
        inner = getattr(pattern, "url_patterns", None)
        found += addresses(inner, here) if inner is not None else [f"{here} {pattern.name or ''}"]
    return found


def test_no_table_keeps_it():
    assert {fault for model in ours() for fault in never.in_model(model)} - ALLOWED == set()


def test_no_form_asks_for_it():
    assert {fault for form in own_forms() for fault in never.in_form(form)} - ALLOWED == set()


def test_no_address_leads_to_it():
    assert list(never.in_addresses(addresses(get_resolver().url_patterns))) == []


def test_no_page_shows_it():
    pages = [path for path in HOUSE.rglob("*.html") if "vendor" not in path.parts]
    found = [f"{path.relative_to(HOUSE)}: {fault}" for path in pages for fault in never.in_template(path.read_text())]
    assert set(found) - ALLOWED == set()


def test_no_code_orders_or_follows_people():
    code = [path for path in (*HOUSE.rglob("*.py"), *HOUSE.rglob("*.js")) if "vendor" not in path.parts]
    found = [f"{path.relative_to(HOUSE)}: {fault}" for path in code for fault in never.in_code(path.read_text())]
    assert set(found) - ALLOWED == set()


def test_no_pack_declares_it():
    found = [
        f"{path.relative_to(HOUSE)}: {fault}"
        for path in (HOUSE / "packs").rglob("*.toml")
        for fault in never.said(path.read_text())
    ]
    assert set(found) - ALLOWED == set()


PLANTED_COLUMNS = {
    "clock_in_at": models.DateTimeField("时间"),
    "arrived": models.DateTimeField("签到时间"),
    "latitude": models.FloatField("数值"),
    "place": models.CharField("定位", max_length=9),
    "track": models.JSONField("数据"),
    "ranking": models.IntegerField("数值"),
    "order": models.IntegerField("排名"),
    "points": models.IntegerField("数值"),
    "gained": models.IntegerField("积分"),
    "online_minutes": models.IntegerField("数值"),
    "spent": models.IntegerField("学习时长"),
    "religion": models.CharField("数值", max_length=9),
    "mind": models.TextField("思想动态"),
    "spouse": models.CharField("数值", max_length=9),
    "kin": models.TextField("社会关系"),
    "face_id": models.BinaryField("数值"),
    "social_score": models.IntegerField("数值"),
}


@pytest.mark.parametrize("name", PLANTED_COLUMNS)
def test_a_planted_column_is_caught(name):
    with isolate_apps("tests"):
        meta = type("Meta", (), {"app_label": "tests"})
        told = {name: PLANTED_COLUMNS[name].clone(), "Meta": meta, "__module__": __name__}
        assert list(never.in_model(type("Planted", (models.Model,), told)))


@pytest.mark.parametrize(
    "field",
    [
        ("proof", forms.ImageField(label="证明")),
        ("proof", forms.FileField(label="证明", widget=forms.FileInput(attrs={"accept": "image/*"}))),
        ("longitude", forms.FloatField(label="数值", required=False)),
        ("faith", forms.CharField(label="数值")),
        ("said", forms.CharField(label="现场照片", required=False)),
    ],
)
def test_a_planted_question_is_caught(field):
    assert list(never.in_form(type("Planted", (forms.Form,), dict([field]))))


@pytest.mark.parametrize(
    "address",
    ["orgs/<str:organisation>/ranking/", "me/check-in/", "people/<str:person>/track/", "board/leaderboard/", "points/",
     "residents/<str:ref>/religion/", "me/online-time/"],
)  # fmt: skip
def test_a_planted_address_is_caught(address):
    assert list(never.in_addresses([address]))


@pytest.mark.parametrize(
    "page",
    [
        "<h1>支部积分排行</h1>", "<button>打卡</button>", "<p>请上传照片</p>", "<label>宗教信仰</label>", "<td>在线时长</td>",
        '<input type="file" name="x" accept="image/*" required>', '<input type="file" capture="environment">',
        "<th>行动轨迹</th>", "<b>居民评分</b>", "<th>健康状况</th>",
    ],
)  # fmt: skip
def test_a_planted_page_is_caught(page):
    assert list(never.in_template(page))


@pytest.mark.parametrize(
    "code",
    [
        'Organisation.objects.order_by("-score")', 'people.order_by("-points")', "Window(Rank())",
        "navigator.geolocation.watchPosition(send)", "navigator.mediaDevices.getUserMedia({video: true})",
        'branches.order_by("-uploads")',
    ],
)  # fmt: skip
def test_planted_code_is_caught(code):
    assert list(never.in_code(code))


@pytest.mark.parametrize("text", ["不打卡，也不看定位", "<p>没有排名</p>", 'rows.order_by("path")', "{# 打卡 #}"])
def test_what_is_right_is_let_through(text):
    assert [*never.in_template(text), *never.in_code(text)] == []
