"""The sheet of divisions."""

import pytest

from jiceng.kernel.places.models import Place
from tests.builders import BUILDER, officer, root
from tests.project.sheets.cast import applied, checked, exported, faults, outcomes

pytestmark = pytest.mark.django_db


def row(code, name, level, parent=""):
    return {"区划代码": code, "名称": name, "层级": level, "上级代码": parent}


CITY = (
    row("440700000000", "江门市", "地级", "440000000000"),
    row("440703000000", "蓬江区", "县级", "440700000000"),
    row("440000000000", "广东省", "省级"),
)


def test_divisions_are_added_renamed_and_come_back_unchanged():
    top = root()
    applied(top, "places", *CITY, by=BUILDER)
    assert Place.objects.get(code="440703000000").parent.name == "江门市"
    assert outcomes(checked(top, "places", *exported(top, "places", BUILDER), by=BUILDER)) == (0, 0, 3)
    county = row("440703000000", "新蓬江区", "县级", "440700000000")
    added = row("440704000000", "江海区", "县级", "440700000000")
    assert outcomes(applied(top, "places", county, added, by=BUILDER)) == (1, 1, 0)
    assert set(Place.objects.filter(level="county").values_list("name", flat=True)) == {"新蓬江区", "江海区"}


def test_codes_without_the_form_of_their_level_and_unknown_parents_are_faults():
    said = faults(
        checked(
            root(), "places", row("44070", "江门市", "地级", "440000000000"), row("440000000000", "广东省", "省级"),
            row("440703000000", "蓬江区", "县级", "999999000000"), row("440704000000", "江海区", "县级"), by=BUILDER,
        )
    )  # fmt: skip
    assert {fault[:2] for fault in said} == {(2, "区划代码"), (4, "上级代码"), (5, "上级代码")}


def test_only_an_operator_brings_in_divisions():
    top = root()
    with pytest.raises(Exception, match="没有这项权限"):
        checked(top, "places", *CITY, by=officer(top))
