"""From texts to rows: every column is read as a whole, each distinct text once; then rows are looked at together."""

import gc
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any

from jiceng.lib.refusals import Refused

from . import cells
from .declarations import Column, Fault, Kind, Row, Scope, Sheet, Staged, Stored
from .reading import CHUNK, Rows, plain

_REPEATING = frozenset({Kind.CODE, Kind.REFERENCE, Kind.DATE, Kind.MONTH, Kind.INTEGER, Kind.FLAG})
"""Kinds whose texts come again in later chunks, so that what they mean is worth keeping."""

_KEPT = 100_000


@dataclass
class Checked:
    """What a chunk came to: rows found right, every fault, and how many rows there were."""

    rows: int
    staged: list[Staged] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Meanings(dict[str, Any]):
    """What each text of a column means: a value, or what is wrong with it. Each distinct text is read once."""

    def __init__(self, column: Column, today: date) -> None:
        super().__init__()
        self.column, self.today = column, today
        self.wrong: set[str] = set()

    def __missing__(self, text: str) -> Any:
        try:
            meant: Any = cells.read(self.column, text, self.today)
        except cells.Wrong as wrong:
            meant = wrong
            self.wrong.add(text)
        self[text] = meant
        return meant


class Checker:
    """Checks one file, chunk after chunk in order. Remembers what later chunks need: identities and codes seen."""

    def __init__(self, sheet: Sheet, scope: Scope, labels: Sequence[str]) -> None:
        """Raises Refused where the file lacks a column that every row needs, or has one twice."""
        self.sheet, self.scope = sheet, scope
        known = {plain(label): key for label, key in sheet.labels.items()}
        keys = [known.get(plain(label)) for label in labels]
        self.places = [(place, sheet.column(key)) for place, key in enumerate(keys) if key]
        self.unknown = [label for label, key in zip(labels, keys, strict=True) if label and not key]
        self._is_complete([column.key for _, column in self.places])
        scope.columns = frozenset(column.key for _, column in self.places)
        self._absent = [column.key for column in sheet.columns if column.key not in scope.columns]
        self._read: dict[str, Meanings] = {}
        self._seen: dict[Hashable, int] = {}
        self._own: dict[str, set[Any]] = {column.own: set() for _, column in self.places if column.own}
        self._pending: list[Fault] = []

    def _is_complete(self, there: list[str]) -> None:
        twice = {key for key in there if there.count(key) > 1}
        if twice:
            named = "、".join(self.sheet.column(key).label for key in sorted(twice))
            raise Refused(f"这些列在表头里出现了不止一次：{named}。请删去多余的列再上传。")
        needed = [
            c for c in self.sheet.columns if c.required or (c.key in self.sheet.identity and not self.sheet.identify)
        ]
        missing = [column.label for column in needed if column.key not in there]
        if missing:
            raise Refused(f"表里缺这些必须有的列：{'、'.join(missing)}。请补上（可以下载模板对照）再上传。")

    def check(self, some: Rows) -> Checked:
        """Everything about a chunk that can be known before the rest of the file has been seen."""
        with _no_collector():
            return self._check(some)

    def _check(self, some: Rows) -> Checked:
        done = Checked(len(some.numbers))
        rows, wrong = self._rows(some, done.faults)
        keys = self._identify(rows, done.faults)
        self._refer(rows, done.faults)
        done.faults += self._look(rows, wrong, some, done.faults)
        faulty = {fault.row for fault in done.faults}
        good = [(row, key) for row, key in zip(rows, keys, strict=True) if row.number not in faulty]
        done.staged += compared(self.sheet, self.scope, good, done.faults)
        return done

    def pass_over(self, some: Rows) -> None:
        """Remembers of a chunk that was checked before what later chunks need."""
        rows, _ = self._rows(some, [])
        self._identify(rows, [])
        self._refer(rows, [])

    def finish(self) -> list[Fault]:
        """Codes that neither the store nor any row of the file has."""
        left = []
        for fault in self._pending:
            column = self.sheet.column(fault.column)
            if fault.value not in self._own[column.own]:
                left.append(fault)
        return left

    def _rows(self, some: Rows, faults: list[Fault]) -> tuple[list[Row], set[int]]:
        """The rows with their values, and the numbers of those that lack a required one."""
        keys, columns, lacking = [], [], set[int]()
        for place, column in self.places:
            texts, read = some.columns[place], self._meanings(column)
            values = [read[text] for text in texts]
            wrong = read.wrong
            for at in [at for at, text in enumerate(texts) if text in wrong] if wrong else ():
                faults.append(_fault(some.numbers[at], column, texts[at], values[at]))
                values[at] = None
                if column.required:
                    lacking.add(some.numbers[at])
            keys.append(column.key)
            columns.append(values)
        keys += self._absent
        columns += [[None] * len(some.numbers)] * len(self._absent)
        cut = zip(some.numbers, zip(*columns, strict=True), strict=True)
        rows = [Row(number, dict(zip(keys, values, strict=True))) for number, values in cut]
        return rows, lacking

    def _meanings(self, column: Column) -> "Meanings":
        """What texts of a column mean; kept from chunk to chunk where they come again."""
        if column.kind not in _REPEATING or len(self._read.get(column.key, ())) > _KEPT:
            return Meanings(column, self.scope.today)
        return self._read.setdefault(column.key, Meanings(column, self.scope.today))

    def _identify(self, rows: Sequence[Row], faults: list[Fault]) -> list[Hashable | None]:
        """Of which record each row speaks; a second row about one record is a fault."""
        sheet, scope, seen = self.sheet, self.scope, self._seen
        for own, values in self._own.items():
            values.update(row.said[own] for row in rows)
        keys = [sheet.key_of(scope, row) for row in rows]
        for row, key in zip(rows, keys, strict=True):
            if key is not None and seen.setdefault(key, row.number) != row.number:
                faults.append(
                    Fault(row.number, sheet.identity[0], f"和第 {seen[key]} 行重复。", "同一个只能写一行，请删去一行。")
                )
        return keys

    def _refer(self, rows: Sequence[Row], faults: list[Fault]) -> None:
        """Looks up the codes of each REFERENCE column in one query; what is not found may stand in the file itself."""
        for column in (column for _, column in self.places if column.find):
            known = self.scope.known.setdefault(column.key, {})
            codes = {row.said[column.key] for row in rows} - {None}
            _look_up(self.scope, column, codes)
            lost = {code for code in codes if known[code] is None}
            for row in rows if lost else ():
                code = row.said[column.key]
                if code in lost:
                    fault = Fault(row.number, column.key, f"没有代码为 {code} 的记录。", column.unknown, code)
                    (self._pending if column.own else faults).append(fault)

    def _look(self, rows: Sequence[Row], lacking: set[int], some: Rows, before: Iterable[Fault]) -> list[Fault]:
        """What the area itself finds, apart from cells that are known to be wrong."""
        known = {(fault.row, fault.column) for fault in before}
        places = {column.key: (place, column) for place, column in self.places}
        at = {number: place for place, number in enumerate(some.numbers)}
        found = []
        for fault in self.sheet.check(self.scope, [row for row in rows if row.number not in lacking]):
            if (fault.row, fault.column) in known:
                continue
            if fault.column in places and not fault.value:
                place, column = places[fault.column]
                fault = fault._replace(value=cells.masked(column, some.columns[place][at[fault.row]]))
            found.append(fault)
        return found


def compared(
    sheet: Sheet, scope: Scope, rows: Sequence[tuple[Row, Hashable | None]], faults: list[Fault]
) -> Iterator[Staged]:
    """What each row will do, beside what the store holds. A difference in a fixed column is a fault."""
    keys = [key for _, key in rows if key is not None]
    stored = sheet.read(scope, keys) if sheet.read and keys else {}
    columns = [column for column in sheet.columns if column.key not in sheet.identity]
    for row, key in rows:
        held = stored.get(key)
        if held is None:
            yield Staged(row, "add")
            continue
        wrong, changes = _difference(columns, row, held)
        if wrong:
            faults += wrong
        else:
            yield Staged(row, "change" if changes else "unchanged", held.subject, changes)


def _difference(columns: Sequence[Column], row: Row, held: Stored) -> tuple[list[Fault], dict[str, tuple[Any, Any]]]:
    """Empty cells take what the store holds; what else differs is a change, or a fault in a fixed column."""
    wrong, changes = [], {}
    for column in columns:
        if column.key not in held.said:
            continue
        old, new = held.said[column.key], row.said[column.key]
        old = None if old == "" else old
        if new is None:
            row.said[column.key] = old
        elif new != old and column.change == "fixed":
            shown = cells.write(column, old) or "空"
            wrong.append(
                Fault(
                    row.number, column.key, f"和库里的不一样（库里是 {shown}）。", "这一项不能用表格改，请照库里的填。",
                    cells.masked(column, cells.write(column, new)),
                )
            )  # fmt: skip
        elif new != old:
            changes[column.key] = (old, new)
    return wrong, changes


def look_up(sheet: Sheet, scope: Scope, staged: Iterable[Staged]) -> None:
    """Finds the codes of all rows anew, and leaves them in the scope."""
    for column in (column for column in sheet.columns if column.find):
        _look_up(scope, column, {one.row.said.get(column.key) for one in staged} - {None})


def recheck(sheet: Sheet, scope: Scope, staged: Sequence[Staged]) -> list[tuple[int, str]]:
    """Which staged rows would do something else now than when they were checked: by number, with a sentence.

    Looks codes up anew, and leaves them in the scope for the apply.
    """
    late = []
    look_up(sheet, scope, staged)
    for column in (column for column in sheet.columns if column.find):
        codes = {one.row.said.get(column.key) for one in staged} - {None}
        own = {one.row.said.get(column.own) for one in staged} if column.own else set()
        lost = {code for code in codes if scope.found(column.key, code) is None} - own
        gone = f"检查以后，{column.label}的代码已经没有了。"
        late += [(one.row.number, gone) for one in staged if one.row.said.get(column.key) in lost]
    for chunk in batched(staged, CHUNK):
        rows = [(Row(one.row.number, dict(one.row.said)), sheet.key_of(scope, one.row)) for one in chunk]
        faults: list[Fault] = []
        now = {one.row.number: (one.outcome, one.subject, one.changes) for one in compared(sheet, scope, rows, faults)}
        late += [
            (one.row.number, "检查以后，库里的这一条变了。")
            for one in chunk
            if now.get(one.row.number) != (one.outcome, one.subject, one.changes)
        ]
    return late


def _look_up(scope: Scope, column: Column, codes: Collection[Any]) -> None:
    """Finds the codes that were not asked for before; those that there are not are remembered as None."""
    known = scope.known.setdefault(column.key, {})
    assert column.find is not None
    for some in batched((code for code in codes if code not in known), CHUNK):
        found = column.find(scope, some)
        known.update((code, found.get(code)) for code in some)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Rows hold no circles; looking for some among millions of values costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fault(number: int, column: Column, text: str, wrong: cells.Wrong) -> Fault:
    return Fault(number, column.key, wrong.wrong, wrong.remedy, cells.masked(column, text))
