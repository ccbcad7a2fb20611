"""What ships with the packs: all divisions of five places, as the published edition has them."""

from pathlib import Path

import pytest

import jiceng
from jiceng.kernel.places import editions
from jiceng.kernel.places.models import RANK, Level

PACKS = Path(jiceng.__file__).parent / "packs"

COUNTIES_TOWNSHIPS_VILLAGES = {
    "huanggang": (11, 165, 4053),
    "meizhou": (8, 117, 2269),
    "pengjiang": (1, 6, 139),
    "chaozhou": (3, 51, 1034),
    "jian": (13, 252, 2967),
}

TOPS = {
    "huanggang": "421100000000",
    "meizhou": "441400000000",
    "pengjiang": "440703000000",
    "chaozhou": "445100000000",
    "jian": "360800000000",
}


@pytest.fixture(params=sorted(TOPS))
def pack(request):
    return request.param


@pytest.fixture
def shipped(pack):
    return editions.read(PACKS / pack / "places.csv")


def test_every_division_is_there(pack, shipped):
    counted = tuple(
        sum(row.level == level for row in shipped) for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
    )
    assert counted == COUNTIES_TOWNSHIPS_VILLAGES[pack]


def test_the_chain_up_to_the_province_is_there(pack, shipped):
    by_code = {row.code: row for row in shipped}
    assert editions.top_of(shipped) == TOPS[pack]
    above = by_code[TOPS[pack]]
    while above.parent:
        above = by_code[above.parent]
    assert above.level == Level.PROVINCE
    assert [row.level for row in shipped].count(Level.PROVINCE) == 1


def test_every_parent_stands_higher_and_shares_its_digits(shipped):
    by_code = {row.code: row for row in shipped}
    assert len(by_code) == len(shipped)
    for row in filter(lambda row: row.parent, shipped):
        parent = by_code[row.parent]
        assert RANK[Level(parent.level)] < RANK[Level(row.level)]
        assert row.code.startswith(editions.own_digits(parent.code, parent.level))


def test_writing_a_file_again_gives_the_same_bytes(pack, shipped, tmp_path):
    again = tmp_path / "places.csv"
    editions.write(reversed(shipped), again)
    assert again.read_bytes() == (PACKS / pack / "places.csv").read_bytes()


def test_a_part_of_an_edition_is_the_division_with_what_is_above_and_below():
    by_level = ["province", "city", "county", "township", "village"]
    rows = [
        editions.Division("110000000000", "甲省", by_level[0], ""),
        editions.Division("120000000000", "乙省", by_level[0], ""),
        editions.Division("110100000000", "甲市", by_level[1], "110000000000"),
        editions.Division("110200000000", "丙市", by_level[1], "110000000000"),
        editions.Division("110101000000", "甲县", by_level[2], "110100000000"),
        editions.Division("110102000000", "丁县", by_level[2], "110100000000"),
        editions.Division("110101001000", "甲镇", by_level[3], "110101000000"),
    ]
    assert [row.name for row in editions.part(rows, "110101000000")] == ["甲省", "甲市", "甲县", "甲镇"]
