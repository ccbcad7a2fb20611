"""Errors planted in a right file: each gives one fault, at its place, in one sentence that says what to do."""

import tomllib
from copy import deepcopy

import pytest

from jiceng.engines.packs.reading import read_table
from jiceng.project.settings import PACKAGE
from tests.engines.procedures.samples import table


def put(*path, to):
    def plant(said):
        here = said
        for one in path[:-1]:
            here = here[one]
        here[path[-1]] = to

    return plant


def drop(*path):
    def plant(said):
        here = said
        for one in path[:-1]:
            here = here[one]
        del here[path[-1]]

    return plant


def more(*path, one):
    def plant(said):
        here = said
        for step in path:
            here = here[step]
        here.append(one)

    return plant


S = "step"
PLANTED = [
    (drop("name"), "name", "缺少"),
    (drop("basis"), "basis", "缺少"),
    (drop("opens"), "opens", "缺少"),
    (drop(S), "step", "缺少"),
    (put(S, to=[]), "step", "至少写一条"),
    (put("since", to="明天"), "since", "日期"),
    (put("key", to="Mending"), "key", "写法不对"),
    (put("about", to="weather"), "about", "只能是"),
    (put("colour", to="red"), "colour", "没有这一项"),
    (put("opens", "roles", to=[]), "opens.roles", "至少写一条"),
    (put("opens", "roles", to=["king"]), "opens.roles[1]", "只能是"),
    (put("opens", "at", to="below"), "opens.at", "只能是"),
    (put("field", 0, "type", to="photo"), "field[1].type", "只能是"),
    (put("field", 0, "label", to="宗教信仰"), "field[1]", "不许收集“宗教”"),
    (put("field", 0, "choices", to=[{"key": "a", "label": "甲"}]), "field[1]", "type 是 choice 的要写 choices"),
    (put("field", 0, "most", to=0), "field[1]", "least 比 most 大"),
    (put("field", 0, "key", to="Amount"), "field[1].key", "写法不对"),
    (put(S, 0, "field", 0, "label", to="手机定位"), "step[1].field[1]", "不许收集“定位”"),
    (put(S, 0, "field", 0, "key", to="amount"), "step[1].field[1].key", "前面填过了，不要让人再填一遍"),
    (put(S, 1, "key", to="propose"), "step[2].key", "“propose”已经有了"),
    (put(S, 0, "key", to="opened"), "step[1].key", "“opened”已经有了"),
    (drop(S, 0, "by"), "step[1].by", "缺少"),
    (put(S, 0, "by", "roles", to=["boss"]), "step[1].by.roles[1]", "只能是"),
    (put(S, 0, "within", "wait", to="1 moon"), "step[1].within.wait", "不是一段时间"),
    (put(S, 0, "within", "wait", to=30), "step[1].within.wait", "引号里的文字"),
    (put(S, 0, "within", "after", to="build"), "step[1].within.after", "前面没有“build”这一步"),
    (put(S, 3, "not_before", 0, "after", to="accept"), "step[4].not_before[1].after", "前面没有“accept”这一步"),
    (put(S, 3, "not_before", 0, "after", to="nothing"), "step[4].not_before[1].after", "前面没有“nothing”这一步"),
    (put(S, 4, "within", "hard", to="perhaps"), "step[5].within.hard", "true 或 false"),
    (put(S, 2, "when", to="amount >"), "step[3].when", "字符"),
    (put(S, 2, "when", to="price > 5"), "step[3].when", "没有“price”这一项"),
    (put(S, 2, "when", to='amount = "many"'), "step[3].when", "整数"),
    (put(S, 2, "when", to="good = 1"), "step[3].when", "没有“good”这一项"),
    (put(S, 2, "gates", 0, "holds", to="weather = 1"), "step[3].gates[1].holds", "没有“weather”这一项"),
    (put(S, 2, "gates", 0, "says", to=""), "step[3].gates[1].says", "不能空着"),
    (drop(S, 2, "gates", 0, "says"), "step[3].gates[1].says", "缺少"),
    (put(S, 1, "replies", 1, "key", to="village"), "step[2].replies[2].key", "“village”已经有了"),
    (put(S, 1, "replies", 1, "by", "at", to="province"), "step[2].replies[2].by.at", "只能是"),
    (more(S, 1, "papers", one={"key": "plan", "name": "又一份"}), "step[2].papers[2].key", "“plan”已经有了"),
    (put(S, 1, "papers", 0, "required", to="sometimes"), "step[2].papers[1].required", "true 或 false"),
    (put(S, 1, "outcome", 1, "to", to="accept"), "step[2].outcome[2].to", "只能退回到前面的步骤"),
    (put(S, 1, "outcome", 1, "key", to="done"), "step[2].outcome[2].key", "“done”已经有了"),
    (put(S, 1, "outcome", 1, "returns", to=False), "step[2].outcome[2].to", "往回走的要写 returns = true"),
    (put(S, 1, "outcome", to=[]), "step[2].outcome", "至少写一种结果"),
    (put(S, 4, "outcome", 2, "to", to="end:lost"), "step[5].outcome[3].to", "没有“lost”这种结局"),
    (put(S, 0, "outcome", 0, "to", to="paint"), "step[1].outcome[1].to", "没有“paint”这一步"),
    (put(S, 3, "repeats", "every", to="monthly"), "step[4].repeats.every", "不是一段时间"),
    (drop(S, 3, "repeats", "at_least"), "step[4].repeats.at_least", "缺少"),
    (more("end", one={"key": "failed", "name": "又未成"}), "end[3].key", "“failed”已经有了"),
    (more("end", one={"key": "glory", "name": "大功告成"}), "end[3].key", "没有哪一步会走到这个结局"),
]  # fmt: skip
"""What is planted, where it is told, and words of the sentence."""


def test_the_file_itself_is_right():
    assert not isinstance(read_table(table()), list)


@pytest.mark.parametrize(("plant", "where", "words"), PLANTED, ids=[f"{n}-{one[1]}" for n, one in enumerate(PLANTED)])
def test_each_error_is_told_at_its_place(plant, where, words):
    said = deepcopy(table())
    plant(said)
    found = read_table(said)
    assert isinstance(found, list), "没有发现"
    told = [(place, sentence) for place, sentence in found if place == where]
    assert len(told) == 1, found
    assert words in told[0][1], told
    assert told[0][1].endswith("。"), told
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told[0][1])


def deliberations():
    """The national file of 四议两公开, which has meetings and notices, as a table."""
    return tomllib.loads((PACKAGE / "packs/national/procedures/four-deliberations.toml").read_text())


OF_MEETINGS = [
    (put(S, 4, "meeting", "passes", to="half"), "step[5].meeting.passes", "不是份额"),
    (put(S, 4, "meeting", "quorum", to="> 1/2 of present"), "step[5].meeting.quorum", "按应到计算"),
    (put(S, 4, "meeting", "electorate", to="everybody"), "step[5].meeting.electorate", "只能是"),
    (drop(S, 4, "meeting", "name"), "step[5].meeting.name", "缺少"),
    (put(S, 4, "meeting", "secret", to="perhaps"), "step[5].meeting.secret", "true 或 false"),
    (drop(S, 4, "meeting", "passes"), "step[5].outcome[1].vote", "这一步没有表决"),
    (drop(S, 4, "outcome", 1), "step[5].outcome", "缺 vote = “failed”"),
    (drop(S, 4, "outcome", 0, "vote"), "step[5].outcome", "缺 vote = “passed”"),
    (put(S, 2, "meeting", to={"name": "碰头会", "secret": True}), "step[3].meeting", "不表决的会不写"),
    (put(S, 5, "notice", "kind", to="poster"), "step[6].notice.kind", "只能是"),
    (put(S, 5, "notice", "audience", to="world"), "step[6].notice.audience", "只能是"),
    (put(S, 5, "notice", "term", to="a week"), "step[6].notice.term", "不是一段时间"),
    (put(S, 5, "notice", "text", to="用了 {price}。"), "step[6].notice.text", "没有“price”这个栏目"),
    (put(S, 5, "notice", "title", to="用了 {spent}"), "step[6].notice.title", "没有“spent”这个栏目"),
    (drop(S, 5, "notice", "title"), "step[6].notice.title", "缺少"),
    (put(S, 4, "meeting", "spare", to="1/5"), "step[5].meeting.spare", "只用于选举"),
    (put(S, 4, "meeting", "spare", to="一成"), "step[5].meeting.spare", "不是比例"),
    (put(S, 2, "meeting", to={"name": "选举会", "elects": True}), "step[3].meeting.elects", "选举都用纸票，写 passes"),
    (put("amount", to="reason"), "amount", "没有叫“reason”的金额栏目"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "where", "words"), OF_MEETINGS, ids=[f"{n}-{one[1]}" for n, one in enumerate(OF_MEETINGS)]
)
def test_each_error_of_a_meeting_or_a_notice_is_told_at_its_place(plant, where, words):
    said = deliberations()
    plant(said)
    found = read_table(said)
    assert isinstance(found, list), "没有发现"
    told = [sentence for place, sentence in found if place == where]
    assert len(told) == 1, found
    assert words in told[0], told
