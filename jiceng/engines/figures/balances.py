"""上年末 + 增 − 减 = 本年末, at every node at once.

What is there on the last day and was not on the first came by a start, by a transfer (an end elsewhere and a start
here on one day, of one person), or with a whole organisation that moved. A transfer or a move inside a node is neither
an increase nor a decrease of that node. Nothing is made to fit: opening and closing are counted by themselves.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from jiceng.lib.facts import Fact

from . import catalogue, expression
from .expression import Query, Rows, Text, condition, joined, known, relation, source, statement
from .indicators import Indicator, Measure, Structure, Window, day_before
from .queries import source_for
from .sources import Source
from .trees import Anything, Integers, Tree


@dataclass(frozen=True, eq=False)
class Balance:
    """Of every organisation that existed on the last day, in pre-order; arrays aligned with `organisations`."""

    organisations: Integers
    opening: Integers
    begun: Integers
    """Started here, and was nowhere counted the day before."""
    transferred_in: Integers
    moved_in: Integers
    """Came with an organisation that was put under another parent."""
    ended: Integers
    transferred_out: Integers
    moved_out: Integers
    closing: Integers

    @property
    def differences(self) -> Integers:
        """What does not balance: zero everywhere, always."""
        increase = self.begun + self.transferred_in + self.moved_in
        return self.opening + increase - self.ended - self.transferred_out - self.moved_out - self.closing

    def at(self, organisation: int) -> dict[str, int]:
        """One organisation's line. Raises KeyError if it did not exist on the last day."""
        found = np.flatnonzero(self.organisations == organisation)
        if not len(found):
            raise KeyError(organisation)
        names = [name for name in self.__dataclass_fields__ if name != "organisations"]
        return {name: int(getattr(self, name)[found[0]]) for name in names}


def balance(
    asked: Indicator, *, on: date, since: date | None = None, structure: Structure | None = None,
    known_at: datetime | None = None, source: Source | None = None,
) -> Balance:  # fmt: skip
    """The balance of a counted stock from the eve of `since` (1 January of the year) to the end of `on`.

    Whoever is transferred is told by the fact's `distinct` column, or by the record itself where there is none.
    The filter is read as of the last day, on both ends: an age is then the age that it is at the end of the year.
    """
    if asked.period != "day" or asked.measure != "count":
        raise ValueError(f"{asked.key} is no counted stock, so it has no balance")
    source = source or source_for(asked)
    structure = structure or asked.structure
    since = since or on.replace(month=1, day=1)
    counting = _Counting(source, catalogue.fact(asked.fact), asked.part_measure, structure, known_at, since, on)
    return counting.balance()


@dataclass(frozen=True)
class _Counting:
    source: Source
    fact: Fact
    measure: Measure
    structure: Structure
    known_at: datetime | None
    since: date
    on: date

    def balance(self) -> Balance:
        tree = self.source.tree(self.structure, self.known_at)
        nodes, _ = tree.nodes_on(self.on)
        begun, ended = self._events("start"), self._events("end")
        arrived, departed = [], []
        for before, after, counts in (self._transfers(), self._moves()):
            come, gone = tree.crossings(tree.leaves_at(before), tree.leaves_at(after), counts)
            arrived.append(come)
            departed.append(gone)
        # A transfer is also a start and an end; what is left of those came from nowhere and went nowhere.
        before, after, counts = self._transfers()
        begun = begun - self._sums(tree, after, counts)
        ended = ended - self._sums(tree, before, counts)
        columns = [self._stock(day_before(self.since)), begun, arrived[0], arrived[1], ended, departed[0], departed[1]]
        columns.append(self._stock(self.on))
        return Balance(nodes, *(tree.for_nodes(one, nodes) for one in columns))

    def _rows(self, window: Window) -> Rows:
        return Rows(self.fact, window, self.structure, self.known_at)

    def _sums(self, tree: Tree, paths: Anything, counts: Integers) -> Integers:
        return tree.owner_sums(tree.subtree_sums(tree.leaves_at(paths), counts))

    def _by_path(self, window: Window) -> Integers:
        rows = self._rows(window)
        select = Text("SELECT p.path AS k, COUNT(*) AS n") + source(rows, self._filter(), with_place=True)
        paths, counts = self.source.columns(self._query(select + " GROUP BY p.path", "text", "integer"))
        return self._sums(self.source.tree(self.structure, self.known_at), paths, np.asarray(counts, dtype=np.int64))

    def _stock(self, day: date) -> Integers:
        return self._by_path(Window(day))

    def _events(self, event: str) -> Integers:
        return self._by_path(Window(self.on, self.since, "start" if event == "start" else "end"))

    def _transfers(self) -> tuple[Anything, Anything, Integers]:
        """Ends and starts of one person on one day, paired in order: from which path, to which, how many."""
        who = self.fact.distinct or "record"
        ends, starts = self._side("end", who), self._side("start", who)
        select = Text("SELECT a.path AS a, b.path AS b, COUNT(*) AS n FROM (") + ends + ") a JOIN (" + starts
        select += ") b ON b.who = a.who AND b.day = a.day AND b.turn = a.turn GROUP BY a.path, b.path"
        before, after, counts = self.source.columns(self._query(select, "text", "text", "integer"))
        return before, after, np.asarray(counts, dtype=np.int64)

    def _side(self, event: str, who: str) -> Text:
        start = event == "start"
        window = Window(self.on, self.since, "start" if start else "end")
        day = "f.since" if start else "f.until"
        turn = f'row_number() OVER (PARTITION BY f."{who}", {day} ORDER BY f.record, f.organisation, f.since)'
        head = Text(f'SELECT f."{who}" AS who, {day} AS day, p.path AS path, {turn} AS turn')
        some = Text(f'f."{who}" IS NOT NULL')
        return head + source(self._rows(window), self._filter(), some, with_place=True)

    def _moves(self) -> tuple[Anything, Anything, Integers]:
        """Rows that held on both sides of the day on which their organisation got another path."""
        if self.structure == "now":
            return _nothing()
        select = Text(f"SELECT a.path AS a, b.path AS b, COUNT(*) AS n FROM {relation(self.fact)} f")
        select += " JOIN placed b ON b.organisation = f.organisation AND f.since < b.since"
        select += " AND (f.until IS NULL OR f.until > b.since)"
        select += " JOIN placed a ON a.organisation = b.organisation AND a.until = b.since WHERE "
        dates = Text("b.since >= ? AND b.since <= ? AND a.path <> b.path", self.since, self.on)
        select += joined(" AND ", [dates, known("f", self.known_at), self._filter()])
        select += " GROUP BY a.path, b.path"
        before, after, counts = self.source.columns(self._query(select, "text", "text", "integer"))
        return before, after, np.asarray(counts, dtype=np.int64)

    def _filter(self) -> Text:
        return condition(self.measure, self.on)

    def _query(self, select: Text, *types: expression.Type) -> Query:
        return replace(statement(select, types, structure=self.structure, known_at=self.known_at), fact=self.fact)


def _nothing() -> tuple[Anything, Anything, Integers]:
    empty = np.zeros(0, dtype="S1")
    return empty, empty, np.zeros(0, dtype=np.int64)
