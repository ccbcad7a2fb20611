"""Files of packs: every error is said with its file and place; editions are chosen by date, local before national."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from jiceng.engines.packs import queries
from jiceng.engines.packs.declarations import KINDS, schema
from jiceng.engines.packs.kinds import Codes, Titles
from jiceng.engines.packs.reading import read_folder, read_table, read_text
from jiceng.kernel.access import Role
from jiceng.kernel.people.declarations import EDUCATION, ETHNICITY, OCCUPATION, SEX

CODES = 'kind = "codes"\nkey = "colours"\nname = "颜色"\nbasis = "《试》"\nsince = {since}\n[codes]\n1 = "{one}"\n'


@pytest.fixture
def packs(tmp_path, settings):
    settings.PACKS_DIR = tmp_path
    settings.PLACE = "east"
    for place in ("national", "east"):
        (tmp_path / place).mkdir()
    return tmp_path


def put(folder, name, since="2026-01-01", one="红"):
    (folder / f"{name}.toml").write_text(CODES.format(since=since, one=one), encoding="utf-8")


def test_a_local_file_stands_before_a_national_one_from_its_own_day(packs):
    put(packs / "national", "a", "2020-01-01", "红")
    put(packs / "national", "b", "2025-01-01", "赤")
    put(packs / "east", "c", "2024-01-01", "朱")
    said = {day: queries.labels("colours", on=date(day, 6, 1)) for day in (2019, 2020, 2024, 2026)}
    assert said == {2019: {}, 2020: {"1": "红"}, 2024: {"1": "朱"}, 2026: {"1": "朱"}}
    assert queries.labels("colours", place="national", on=date(2026, 6, 1)) == {"1": "赤"}


def test_an_edition_is_the_hash_of_what_is_said():
    one, same, other = (read_text(CODES.format(since="2026-01-01", one=said)) for said in ("红", "红", "赤"))
    assert one.edition == same.edition != other.edition


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("kind = ", [("", "不是正确的 TOML：")]),
        ('kind = "dance"', [("kind", "没有这种文件；有：")]),
        (
            'kind = "codes"\nkey = "Two Words"\nsince = "soon"\ncolour = 1\n[codes]\n"a b" = "红"',
            [
                ("key", "写法不对，要符合"), ("name", "缺少这一项。"), ("basis", "缺少这一项。"),
                ("since", "要写成日期，例如 2026-01-01（不加引号）。"), ("codes.a b.[key]", "写法不对，要符合"),
                ("colour", "没有这一项，请检查拼写。"),
            ],
        ),
        (
            CODES.format(since="2026-01-01", one="红") + '2 = "红"',
            [("codes.1", "“红”有不止一个代码。"), ("codes.2", "“红”有不止一个代码。")],
        ),
    ],
)  # fmt: skip
def test_every_error_is_said_with_its_place(text, faults):
    found = read_text(text)
    assert [
        (where, sentence[: len(said)]) for (where, sentence), (_, said) in zip(found, faults, strict=True)
    ] == faults


def test_two_files_may_not_be_one_edition(tmp_path):
    put(tmp_path, "a")
    put(tmp_path, "b")
    assert [str(fault) for fault in read_folder(tmp_path).faults] == [
        f"{tmp_path / 'b.toml'}：since：和 a.toml 是同一种、同一个 key、同一天起用。新一版要写新的日期。"
    ]


def test_check_says_what_is_wrong_and_fails(packs, capsys):
    put(packs / "east", "a")
    (packs / "east" / "b.toml").write_bytes(b"\xff")
    with pytest.raises(CommandError, match="有 1 处错误"):
        call_command("packs", "check", str(packs / "east"))
    assert "b.toml" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_shipped_packs_have_no_fault():
    assert queries.check(queries.SHIPPED) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_json_schema(kind):
    drawn = schema(kind)
    assert drawn["properties"]["kind"] == {"const": kind}
    assert {"kind", "key", "name", "basis", "since"} <= set(drawn["required"])


def test_every_shipped_file_round_trips():
    for declared in queries.resolve("national").declared:
        assert read_table(declared.model_dump()) == declared
        again = read_table({**declared.model_dump(mode="json"), "since": declared.since})
        assert again == declared and again.edition == declared.edition


@pytest.mark.parametrize("table", [SEX, ETHNICITY, EDUCATION, OCCUPATION], ids=lambda table: table.key)
def test_code_tables_say_what_the_kernel_says(table):
    found = queries.resolve("national").find(Codes, table.key)
    assert found.labels() == table.rows


def test_national_titles_map_to_functions():
    assert queries.role_of("党支部书记", place="national") is Role.SECRETARY
    assert queries.role_of("驻村第一书记", place="national") is Role.FIRST_SECRETARY
    assert queries.role_of("站长", place="national") is None


def test_a_local_title_stands_before_the_national_one(packs):
    text = 'kind = "titles"\nkey = "local"\nname = "叫法"\nbasis = "《试》"\nsince = 2026-01-01\n'
    text += 'title = [{ title = "片长", role = "group-leader" }]'
    (packs / "east" / "titles.toml").write_text(text, encoding="utf-8")
    assert queries.role_of("片长") is Role.GROUP_LEADER
    assert isinstance(queries.resolve("east").declared[0], Titles)
