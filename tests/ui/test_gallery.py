"""The gallery draws every part in every room, and what the pages need is small and ours."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import engines
from django.test import RequestFactory

from jiceng.ui import icons, views

UI = Path(icons.__file__).parent
TAGS = engines["django"].engine.template_libraries["ui"].tags


def drawn_room(room):
    request = RequestFactory().get("/gallery/")
    request.user = AnonymousUser()
    return views.gallery(request, room).content.decode()


@pytest.mark.parametrize("room", views.ROOMS)
def test_each_room_is_drawn_without_inline_style_or_script(room):
    drawn = drawn_room(room)
    assert "</html>" in drawn
    assert " style=" not in drawn
    assert "<style" not in drawn
    assert re.findall(r"\son[a-z]+=", drawn) == []
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", drawn))
    assert re.findall(r'(?:src|<link[^>]*href)="https?:', drawn) == []


def test_an_unknown_room_is_not_found():
    with pytest.raises(Http404):
        drawn_room("cellar")


def test_every_percentage_has_its_part_and_whole():
    shown = re.sub(r"<[^>]+>", "", drawn_room("desk"))
    assert shown.count("%") > 5
    assert re.findall(r"\d+%(?!（[\d,]+/[\d,]+)", shown) == []


def test_every_part_is_in_the_gallery():
    shown = "".join(path.read_text() for path in (UI / "templates/ui").rglob("*.html"))
    assert [name for name in TAGS if not re.search(r"{% " + name + r"\b", shown)] == []


def test_every_part_is_described():
    told = (UI.parents[1] / "docs/ui.md").read_text()
    assert [name for name in TAGS if not re.search(r"(?:{% |`)" + name + r"\b", told)] == []


def test_the_first_visit_is_small():
    own = b"".join(path.read_bytes() for path in sorted((UI / "static/ui").iterdir()))
    assert len(gzip.compress(own)) < 20_000


def test_every_class_of_a_token_theme_is_told_twice():
    """The dark tokens stand under the system's choice and under the visitor's; they must be the same."""
    rules = re.findall(r"color-scheme: dark;(.*?)}", (UI / "static/ui/tokens.css").read_text(), re.DOTALL)
    assert len(rules) == 2
    assert rules[0].split() == rules[1].split()
