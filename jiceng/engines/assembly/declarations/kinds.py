"""The meetings that branches hold, who belongs to each, and the usual ways to vote. A procedure file may say others."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from .shares import Share


class Electorate(StrEnum):
    """Who is on the roll."""

    MEMBERS = "members"
    FULL_MEMBERS = "full-members"
    COMMITTEE = "committee"
    REPRESENTATIVES = "representatives"
    HOUSEHOLDS = "households"
    VOTERS = "voters"
    LISTED = "listed"

    @property
    def word(self) -> str:
        return {
            Electorate.MEMBERS: "全体党员（预备党员没有表决权）",
            Electorate.FULL_MEMBERS: "正式党员",
            Electorate.COMMITTEE: "书记、副书记和委员",
            Electorate.REPRESENTATIVES: "村民代表",
            Electorate.HOUSEHOLDS: "户代表",
            Electorate.VOTERS: "有选举权的村民",
            Electorate.LISTED: "另列名单",
        }[self]


@dataclass(frozen=True)
class MeetingKind:
    """A kind of meeting: what it is called, who belongs to it, and the presence that it needs."""

    key: str
    name: str
    electorate: Electorate
    quorum: str = ""


KINDS = (
    MeetingKind("general", "党员大会", Electorate.MEMBERS, "> 1/2 of roll"),
    MeetingKind("committee", "支委会", Electorate.COMMITTEE, "> 1/2 of roll"),
    MeetingKind("group", "党小组会", Electorate.MEMBERS),
    MeetingKind("lecture", "党课", Electorate.MEMBERS),
    MeetingKind("party-day", "主题党日", Electorate.MEMBERS),
    MeetingKind("review", "组织生活会", Electorate.MEMBERS),
    MeetingKind("other", "其他会议", Electorate.LISTED),
)


@dataclass(frozen=True)
class Way:
    """A usual way to vote, as a form offers it: every part but secrecy can be changed before it is written."""

    key: str
    name: str
    passes: str
    quorum: str
    basis: str
    secret: bool = False
    letters: bool = False
    elects: bool = False
    spare: Fraction | None = None


_BRANCHES = "《中国共产党支部工作条例（试行）》"
_ELECTIONS = "《中国共产党基层组织选举工作条例》"
_HALF = "> 1/2 of roll"

WAYS = (
    Way("general", "党员大会表决", _HALF, _HALF, f"{_BRANCHES}第十一条"),
    Way("committee", "支委会表决", "> 1/2 of roll", _HALF, f"{_BRANCHES}第十二条"),
    Way("village", "四议两公开：党员大会审议", _HALF, ">= 2/3 of roll", ""),
    Way("admission", "发展党员：无记名表决", _HALF, _HALF, "《中国共产党发展党员工作细则》", secret=True, letters=True),
    Way("election", "选举委员（差额）", _HALF, ">= 4/5 of roll", _ELECTIONS, True, elects=True, spare=Fraction(1, 5)),
    Way("office", "选举书记、副书记", _HALF, ">= 4/5 of roll", _ELECTIONS, True, elects=True),
    Way("other", "别的表决", "> 1/2 of present", "", ""),
)


@dataclass(frozen=True)
class Sitting:
    """What is known of the meeting before it is entered: its kind, who belongs to it, and by which rule it votes."""

    kind: str
    name: str
    title: str
    electorate: Electorate
    quorum: str = ""
    passes: str = ""
    basis: str = ""
    secret: bool = False
    letters: bool = False
    elects: bool = False
    spare: Fraction | None = None
    items: tuple[str, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether each person's vote is told."""
        return bool(self.passes) and not self.secret and not self.elects


def kind_of(key: str) -> MeetingKind | None:
    """The kind of that key."""
    return next((one for one in KINDS if one.key == key), None)


def way_of(key: str) -> Way | None:
    """The way of that key."""
    return next((one for one in WAYS if one.key == key), None)


def share_or_none(text: str) -> Share | None:
    """A share that may be left out. Raises WrongShare."""
    return Share.read(text) if text.strip() else None
