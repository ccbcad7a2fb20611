"""What an election must have reached, as exact shares, and where that stands."""

from dataclasses import dataclass

from jiceng.kernel.access import Role

REGULATIONS = "《中国共产党基层组织选举工作条例》"

ELECTION, TAKING_OFFICE = "election", "taking-office"
"""The key of the file of an election, and of its step that ends when the elected take office."""

QUORUM = ">= 4/5 of roll"
"""Of a members' assembly or congress that elects."""

PASSES = "> 1/2 of roll"
"""Of those who ought to be there and have the right to elect; exactly half elects nobody."""

FIRST_MEETING = ">= 2/3 of roll"
"""Of the new committee, when it elects its secretary."""


@dataclass(frozen=True)
class Shares:
    """What one kind of poll must reach; `spare` says that there must be more who stand than are elected."""

    role: Role
    quorum: str
    passes: str
    spare: bool
    basis: str


POLLS = {
    "residents": Shares(
        Role.VILLAGE_DIRECTOR, "> 1/2 of roll", "> 1/2 of present", True, "《中华人民共和国村民委员会组织法》第十五条"
    ),
    "cooperative": Shares(
        Role.COOPERATIVE_HEAD, ">= 2/3 of roll", ">= 2/3 of roll", False, "《中华人民共和国农村集体经济组织法》"
    ),
}
"""By what is elected. A local law or charter may say otherwise; then the poll says so, with its own basis."""
