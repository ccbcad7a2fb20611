"""撤镇设街 and the like as one list: set up, rename, upgrade, re-parent, merge, dissolve, all on one day or not at all."""

from collections import Counter
from collections.abc import Iterator, Sequence

from jiceng.engines.intake.declarations import Applied, Column, Fault, Kind, Row, Scope, Sheet, Staged
from jiceng.kernel.orgs.actions import Because
from jiceng.kernel.orgs.models import Form
from jiceng.kernel.reorganisation import actions, rules
from jiceng.kernel.reorganisation.queries import Effect
from jiceng.lib.refusals import RowsRefused

from .numbering import as_in_the_file, faults_of
from .organisations import FORMS, KINDS

COLUMNS = (
    Column("verb", "办什么", Kind.CODE, required=True, codes=tuple(actions.VERBS.items()), help="照从上到下的次序办。"),
    Column("code", "组织代码", required=True, longest=32, help="办的是哪个组织；设立的写新代码。"),
    Column(
        "target", "另一方组织代码", longest=32,
        help="设立：上级；改隶：新的上级；并入：并到哪里；撤销：党员转到哪里（没有党员的不填）。",
    ),
    Column("name", "名称", longest=120, help="设立、更名写新名称；升格可以同时改名。"),
    Column("kind", "组织类别", Kind.CODE, codes=KINDS, help="设立、升格填。"),
    Column("form", "组建形式", Kind.CODE, codes=FORMS, help="设立时填，不填就是单独组建。"),
    Column("on", "生效日期", Kind.DATE, required=True, help="整张表同一天。"),
    Column("reason", "事由", required=True, longest=200, help="整张表同一事由。", example="撤销某镇设立某街道"),
    Column("document", "批准文号", required=True, longest=80, help="整张表同一文号。"),
)  # fmt: skip

SAME = ("on", "reason", "document")


def step(row: Row) -> actions.Step:
    """A row as the verb takes it."""
    return actions.Step(
        verb=row["verb"], code=row["code"], target=row["target"] or "", name=row["name"] or "", kind=row["kind"] or "",
        form=row["form"] or Form.STANDARD.value,
    )  # fmt: skip


def whole(scope: Scope, rows: Sequence[Row]) -> Iterator[Fault]:
    """Rows that do not go with the first, and what the steps themselves refuse when they are rehearsed in order."""
    apart = [
        Fault(row.number, key, f"和第 {rows[0].number} 行的不一样。", "一张表只办一件事，请分成几张。")
        for row in rows[1:]
        for key in SAME
        if row[key] != rows[0][key]
    ]
    yield from apart
    steps = [step(row) for row in rows]
    if apart:
        yield from faults_of(rows, actions.unfit(steps, scope.organisation))
        return
    try:
        done = actions.rehearse(scope.organisation, steps=steps, because=because(rows[0]), by=scope.by, at=scope.at)
    except RowsRefused as refused:
        yield from faults_of(rows, refused.faults)
        return
    scope.foreseen.update({row.number: one.sentence for row, one in zip(rows, done.effects, strict=True)})
    scope.foreseen[0] = summed(steps, done.effects)


def summed(steps: Sequence[actions.Step], effects: Sequence[Effect]) -> str:
    """The whole list in one sentence."""
    times = Counter(one.verb for one in steps)
    told = "、".join(f"{word} {times[verb]} 个" for verb, word in actions.VERBS.items() if times[verb])
    members, posts = sum(one.members for one in effects), sum(one.posts for one in effects)
    return f"{told}组织；党员转隶 {members} 人次，岗位到期 {posts} 个。"


def because(row: Row) -> Because:
    """Day, reason and document, which all rows share."""
    return Because(on=row["on"], reason=row["reason"], document=row["document"])


def apply(scope: Scope, staged: Sequence[Staged]) -> Applied:
    """Every row in order; one that cannot be done takes all of them back, and is named."""
    steps = [step(one.row) for one in staged]
    with as_in_the_file(staged):
        done = actions.reorganise(
            scope.organisation, steps=steps, because=because(staged[0].row), by=scope.by, at=scope.at
        )
    return Applied(done.rows, done.root)


REORGANISATION = Sheet(
    key="reorganisation", name="组织调整", columns=COLUMNS, identity=("verb", "code", "target"),
    identify=lambda scope, row: (row["verb"], row["code"], row["target"]), rule=rules.reorganise, whole=whole,
    apply=apply, shown=("verb", "code", "target", "name", "kind", "on"),
    notes=(
        "用于撤镇设街、成批并村这样的整片调整：一行一个步骤，从上到下依次办，同一天生效，要么全办成，要么一行也不办。",
        "党员、任职、流动党员、单位跟着组织走，和在页面上一个一个办一样。入库以后不能整批撤回，请先看清预览。",
    ),
)  # fmt: skip
