"""Outlines of places: read where the installation has put them, and every fault said with its place."""

import json

import pytest
from django.core.management import CommandError, call_command

from jiceng.engines.packs import queries
from jiceng.engines.packs.reading import GEOMETRY, read_geometry

FIRST = "features[1].geometry.Polygon.coordinates[1]"
RING = [[113.0, 22.0], [113.1, 22.0], [113.1, 22.1], [113.0, 22.0]]


def feature(code="440703001", kind="Polygon", coordinates=None):
    return {
        "type": "Feature",
        "properties": {"code": code, "colour": "red"},
        "geometry": {"type": kind, "coordinates": coordinates or [RING]},
    }


def collection(*features, **members):
    return {"type": "FeatureCollection", "source": "虚构", "features": list(features), **members}


def put(folder, said):
    folder.mkdir(exist_ok=True)
    (folder / GEOMETRY).write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return folder


def test_a_code_is_made_twelve_digits_long_and_that_of_a_cell_is_left(tmp_path):
    islands = feature("PJ-07", "MultiPolygon", [[RING], [RING, RING]])
    found = read_geometry(put(tmp_path, collection(feature(), islands, approval="GS（2026）1号")))
    assert {code: len(rings) for code, rings in found.outlines().items()} == {"440703001000": 1, "PJ-07": 3}
    assert found.approval == "GS（2026）1号"


def test_heights_are_passed_over(tmp_path):
    high = feature(coordinates=[[[*point, 31.5] for point in RING]])
    found = read_geometry(put(tmp_path, collection(high)))
    assert found.outlines()["440703001000"][0][0] == (113.0, 22.0)


def test_no_file_is_no_fault(tmp_path, settings):
    settings.PACKS_DIR = tmp_path
    assert read_geometry(tmp_path) == [] and queries.geometry("nowhere") is None


@pytest.mark.parametrize(
    ("said", "where", "sentence"),
    [
        ("{", "", "不是正确的 JSON"),
        ({"type": "FeatureCollection", "features": [feature()]}, "source", "缺少这一项。"),
        (collection(), "features", "至少写一条。"),
        (collection(feature(), feature("440703001000")), "features[2].properties.code", "画了两次"),
        (collection(feature(kind="Point")), "features[1].geometry", "只能是：'Polygon'、'MultiPolygon'。"),
        (collection(feature(coordinates=[[*RING[:-1], [1, 1]]])), FIRST, "一圈的最后一点"),
        (collection(feature(coordinates=[[[38.5e6, 22.0]] * 4])), f"{FIRST}[1][1]", "180"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place(tmp_path, settings, said, where, sentence):
    settings.PACKS_DIR = tmp_path
    faults = read_geometry(put(tmp_path / "east", said))
    assert faults[0].where == where and sentence in faults[0].sentence, faults[0]
    assert queries.geometry("east") is None
    with pytest.raises(CommandError, match="处错误"):
        call_command("packs", "check", str(tmp_path / "east"))


def test_a_file_in_metres_does_not_tell_every_point(tmp_path):
    wrong = feature(coordinates=[[[38.5e6, 2.5e6]] * 900])
    assert len(read_geometry(put(tmp_path, collection(wrong)))) == 20
