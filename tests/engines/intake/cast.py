"""A sheet made for tests, kept in a plain list instead of tables, so that nothing else is on trial."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiceng.engines.intake.declarations import WHO, Applied, Column, Fault, Kind, PartialDate, Sheet, Stored
from jiceng.kernel.access import Role, below, command, rule
from jiceng.kernel.access.rules import REGISTRY
from jiceng.kernel.access.verbs import bulk_root
from jiceng.kernel.orgs.models import Organisation
from jiceng.lib.refusals import RowsRefused

BRING = REGISTRY.get("tests.bring") or rule("tests.bring", below(Role.OFFICER), command())

SEX = (("1", "男"), ("2", "女"))


def organisations(scope, codes):
    found = Organisation.objects.filter(code__in=codes, path__under=scope.organisation.path, closed_on=None)
    return dict(found.values_list("code", "pk"))


COLUMNS = (
    Column("code", "编号", required=True, longest=20),
    Column("name", "姓名", required=True, longest=10),
    Column("number", "证件号码", Kind.RESIDENT_ID, required=True, sealed=True),
    Column("sex", "性别", Kind.CODE, codes=SEX, standard="GB/T 2261.1"),
    Column("joined", "入党日期", Kind.MONTH, required=True),
    Column("full", "转正日期", Kind.DATE),
    Column("home", "组织代码", Kind.REFERENCE, required=True, find=organisations),
    Column(
        "leader", "组长编号", Kind.REFERENCE, find=lambda scope, codes: {}, own="code", unknown="本表里也没有这个编号。"
    ),
    Column("credit", "信用代码", Kind.CREDIT_CODE),
    Column("phone", "手机号", Kind.PHONE, sealed=True),
    Column("staff", "人数", Kind.INTEGER),
    Column("dues", "党费", Kind.MONEY),
    Column("poor", "困难", Kind.FLAG),
    Column("born", "出生地", change="fixed"),
)


@dataclass
class Store:
    """What is stored by code, and what was done since."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    staged: dict[int, list[Any]] = field(default_factory=dict)
    keeps_its_own: bool = False
    looked_up: int = 0
    exported: int = 0
    told_of: dict[str, int] = field(default_factory=dict)
    breaks_at: int = 0

    def read(self, scope, keys):
        self.looked_up += 1
        return {key: Stored(at, _open(self.rows[key])) for at, key in enumerate(keys, 1) if key in self.rows}

    def check(self, scope, rows):
        for row in rows:
            if row.number == self.breaks_at:
                self.breaks_at = 0
                raise Killed
            if row["full"] and row["joined"] and row["full"] < row["joined"].day:
                yield Fault(row.number, "full", "早于入党日期。", "请核对。")

    def stage(self, scope, rows):
        self.staged.setdefault(scope.batch, []).extend(rows)

    def discard(self, scope):
        self.staged.pop(scope.batch, None)

    def apply(self, scope, rows):
        assert not (rows and self.keeps_its_own)
        wanted = [one for one in rows or self.staged[scope.batch] if one.outcome != "unchanged"]
        for one in wanted:
            self.rows[one.row["code"]] = dict(one.row.said)
        return Applied(len(wanted), bulk_root(one.row["code"] for one in wanted))

    def undo(self, scope, rows):
        rows = rows or self.staged[scope.batch]
        faults = [(one.row.number, "入库以后改过。") for one in rows if one.row["code"] in self.touched]
        if faults:
            raise RowsRefused(faults)
        for one in rows:
            if one.outcome == "add":
                del self.rows[one.row["code"]]
            else:
                self.rows[one.row["code"]] |= {key: old for key, (old, _) in one.changes.items()}
        return Applied(len(rows), "")

    def export(self, scope):
        self.exported += 1
        yield from ({WHO: self.told_of.get(code), **said} for code, said in self.rows.items())


def sheet(store: Store, **more: Any) -> Sheet:
    """The sheet over a store."""
    own = {"stage": store.stage, "discard": store.discard} if store.keeps_its_own else {}
    return Sheet(
        "villagers", "名册", COLUMNS, ("code",), BRING, apply=store.apply, undo=store.undo, read=store.read,
        check=store.check, export=store.export, see=BRING, count=lambda scope: len(store.rows),
        people=lambda scope: store.told_of.values(), notes=("填好后由组织员上传。",), **own, **more,
    )  # fmt: skip


def _open(said):
    return {column.key: said.get(column.key) for column in COLUMNS if not column.sealed}


class Killed(BaseException):
    """What a killed worker looks like from inside: nothing catches it."""


def month(year, number):
    return PartialDate(date(year, number, 1), "month")
