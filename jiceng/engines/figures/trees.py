"""A tree of one structure in arrays, and sums over every subtree of it at once.

Paths are sorted, so a subtree is one range; a path belongs to one organisation for ever, but an organisation that
moved has several, and its figure is the sum over all of them.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jiceng.lib.paths import AFTER_ALL, SEGMENT

type Integers = NDArray[np.int64]
type Anything = NDArray[Any]

AFTER = AFTER_ALL.encode()


@dataclass(frozen=True, eq=False)
class Tree:
    """Spans say which organisation stood at which path from when until when; `lives` whether it really existed then."""

    organisations: Integers
    """Of each span, sorted, then by time."""
    spans: Anything
    """Of each span, the place of its path in `paths`."""
    since: Anything
    until: Anything
    began: Anything
    ended: Anything
    paths: Anything
    owners: Integers
    """Of each path, the organisation it belongs to."""

    @classmethod
    def of(
        cls, organisation: Integers, path: Anything, since: Anything, until: Anything, began: Anything, ended: Anything,
        owns: Anything | None = None,
    ) -> "Tree":  # fmt: skip
        """From the columns of spans in any order; NaT is no end. `owns` marks spans whose path is their own."""
        order = np.lexsort((since, organisation))
        own = np.ones(len(order), dtype=bool) if owns is None else owns[order].astype(bool)
        named, at = organisation[order], path[order]
        paths, first = np.unique(at[own], return_index=True)
        spans = _found(paths, at, np.arange(len(paths)))
        return cls(named, spans, since[order], until[order], began[order], ended[order], paths, named[own][first])

    @cached_property
    def ends(self) -> Integers:
        """Of each path, where its subtree ends in `paths`."""
        return np.searchsorted(self.paths, np.strings.add(self.paths, AFTER)).astype(np.int64)

    @cached_property
    def parents(self) -> Integers:
        """Of each path, the place of the path above it, or -1."""
        if not len(self.paths):
            return np.zeros(0, dtype=np.int64)
        lengths = np.strings.str_len(self.paths)
        above = np.strings.slice(self.paths, np.maximum(lengths - SEGMENT, 0))
        found = np.searchsorted(self.paths, above)
        found = np.minimum(found, len(self.paths) - 1)
        return np.where((lengths > SEGMENT) & (self.paths[found] == above), found, -1).astype(np.int64)

    @cached_property
    def depths(self) -> Integers:
        """Of each path, how many levels it has."""
        return np.strings.str_len(self.paths).astype(np.int64) // SEGMENT

    def place_of(self, organisation: int) -> int | None:
        """Where an organisation stands in `names`; None if it is not in the tree."""
        place = int(np.searchsorted(self.names, organisation))
        return place if place < len(self.names) and self.names[place] == organisation else None

    @cached_property
    def names(self) -> Integers:
        """Every organisation that has a path, once, sorted."""
        return np.unique(self.owners)

    @cached_property
    def owner_places(self) -> Integers:
        """Of each path, the place of its owner in `names`."""
        return np.searchsorted(self.names, self.owners).astype(np.int64)

    @cached_property
    def is_simple(self) -> bool:
        """Whether nobody ever moved: one path an organisation."""
        return len(self.names) == len(self.paths)

    def leaves_on(self, organisations: Integers, day: date) -> Integers:
        """Of each organisation, the place of the path at which it stood on the day, or -1 for one never heard of."""
        held = (self.since <= _day(day)) & ~(self.until <= _day(day))
        there, at = self.organisations[held], self.spans[held]
        return _found(there, organisations, at)

    def leaves_at(self, paths: Anything) -> Integers:
        """Of each path, its place in `paths`, or -1."""
        return _found(self.paths, paths, np.arange(len(self.paths)))

    def nodes_on(self, day: date) -> tuple[Integers, Anything]:
        """The organisations that existed on the day, in pre-order, and their paths."""
        lived = (self.began <= _day(day)) & ~(self.ended <= _day(day)) & (self.since <= _day(day))
        lived &= ~(self.until <= _day(day))
        order = np.argsort(self.spans[lived], kind="stable")
        return self.organisations[lived][order], self.paths[self.spans[lived][order]]

    def subtree_sums(self, leaves: Integers, values: Integers) -> Integers:
        """Of each path, the sum over it and all below. Leaves may repeat; -1 counts nowhere."""
        known = leaves >= 0
        at = np.zeros(len(self.paths) + 1, dtype=np.int64)
        np.add.at(at, leaves[known] + 1, values[known])
        prefix = np.cumsum(at)
        return prefix[self.ends] - prefix[:-1]

    def owner_sums(self, by_path: Integers) -> Integers:
        """Of each of `names`, the sum over all paths that it ever had."""
        found = np.zeros(len(self.names), dtype=np.int64)
        if self.is_simple:
            found[self.owner_places] = by_path
        else:
            np.add.at(found, self.owner_places, by_path)
        return found

    def for_nodes(self, by_owner: Integers, nodes: Integers) -> Integers:
        """The owners' numbers in the order of the nodes."""
        return by_owner[np.searchsorted(self.names, nodes)]

    def distinct_sums(self, leaves: Integers, values: Anything) -> Integers:
        """Of each of `names`, how many different values stand anywhere below it: level by level, up to the roots."""
        known = leaves >= 0
        kinds, codes = np.unique(values[known], return_inverse=True)
        found = np.zeros(len(self.names), dtype=np.int64)
        moved = np.bincount(self.owner_places, minlength=len(self.names)) > 1
        apart, pairs = [np.zeros(0, dtype=np.int64)], _different(leaves[known] * len(kinds) + codes)
        depths = self.depths[pairs // max(len(kinds), 1)]
        lifted = np.zeros(0, dtype=np.int64)
        for depth in range(int(depths.max(initial=0)), 0, -1):
            here = _different(np.concatenate([pairs[depths == depth], lifted]))
            at, codes = np.divmod(here, len(kinds))
            owners = self.owner_places[at]
            is_moved = moved[owners]
            np.add.at(found, owners[~is_moved], 1)
            apart.append(owners[is_moved] * len(kinds) + codes[is_moved])
            above = self.parents[at]
            lifted = above[above >= 0] * len(kinds) + codes[above >= 0]
        # Whoever moved has several paths, and a value may stand below more than one of them.
        np.add.at(found, _different(np.concatenate(apart)) // max(len(kinds), 1), 1)
        return found

    def crossings(self, before: Integers, after: Integers, counts: Integers) -> tuple[Integers, Integers]:
        """What went from leaf to leaf, as each of `names` sees it: (arrived, departed); inside a node it is neither."""
        arrived, departed = (np.zeros(len(self.names), dtype=np.int64) for _ in range(2))
        left, entered = self._chain(before), self._chain(after)
        for mine, others, found in ((entered, left, arrived), (left, entered, departed)):
            for level in mine:
                crossed = (level >= 0) & ~np.any(others == level, axis=0)
                np.add.at(found, level[crossed], counts[crossed])
        return arrived, departed

    def _chain(self, leaves: Integers) -> Integers:
        """Of each leaf its owner and the owners above, one row a level, -1 above the root."""
        levels, at = [np.full(len(leaves), -1, dtype=np.int64)], leaves
        while np.any(at >= 0):
            levels.append(np.where(at >= 0, self.owner_places[at], -1))
            at = np.where(at >= 0, self.parents[at], -1)
        return np.stack(levels)


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")


def _found(sorted_keys: Anything, wanted: Anything, answers: Anything) -> Integers:
    if not len(sorted_keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(sorted_keys, wanted), len(sorted_keys) - 1)
    return np.where(sorted_keys[at] == wanted, answers[at], -1).astype(np.int64)


def _different(values: Integers) -> Integers:
    """Each value once, sorted. numpy's own `unique` goes by a hash table here, many times slower on keys like these."""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values
