"""A page of fifty members in a scope, against an unscoped read of fifty rows by primary key."""

import random
import statistics
from collections.abc import Iterator
from functools import partial

from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.people import queries
from jiceng.kernel.people.models import Person

from .rows import Row, median

EACH = 7


def pages(engine: str) -> Iterator[Row]:
    chance = random.Random(2)
    middle = Person.objects.order_by("-pk").values_list("pk", flat=True)[0] // 2
    bare = Person.objects.filter(is_member=True, pk__gt=middle).select_related("organisation").order_by("pk")
    peer = median(lambda: list(bare[:50]), 15)
    for depth in sorted(set(Organisation.objects.filter(closed_on=None).values_list("depth", flat=True))):
        nodes = list(Organisation.objects.filter(closed_on=None, depth=depth).order_by("pk"))
        chosen = chance.sample(nodes, min(EACH, len(nodes)))
        taken = []
        for node in chosen:
            scope = queries.Scope(node, whole=True)
            half = queries.After(node.path, middle)
            taken.append(median(partial(queries.page, scope.members(), half), 9))
        rate = statistics.median(taken) / peer
        worst = max(taken) / peer
        yield Row(
            f"{engine}: page of 50 in a scope at depth {depth}",
            f"{rate:.1f} × (worst {worst:.1f} ×, peer {peer * 1e3:.2f} ms)",
            "≤ 4 ×", worst <= 4,
        )  # fmt: skip
