"""Names that a page may tell: every person, organisation and unit of the city has a name of its own to look for."""

import re
from typing import Any

from tests.walls.judge import Judge, Subject
from tests.walls.lines import ACCOUNT, BODY, FIGURE, ORG, PERSON, POST, UNIT
from tests.walls.world import Caller, World

TOLD = f"{PERSON} received-below:O"
"""The office above a temporary organisation reads the list of those on loan there."""


class Names:
    """Finds names in answers, and asks the judge about each."""

    def __init__(self, world: World, judge: Judge, subjects: dict[str, list[Subject]]) -> None:
        self.world, self.judge, self.subjects = world, judge, subjects
        self.people = {world.people[one.word].name: one for one in subjects["person"]}
        self.places = {world.places[one.word].name: one for one in subjects["organisation"]}
        self.units = {world.units[one.word].name: one for one in subjects["unit"]}
        words = sorted([*self.people, *self.places, *self.units], key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, words)))
        self.on_boards = {one.organisation_id for one in world.notices if one.audience == "public"}
        """Who publishes says who it is."""
        self.former = {world.people["调出党员"].pk: world.places["甲村0"].pk}
        self._known: dict[tuple[str, str], bool] = {}

    def strays(self, caller: Caller, name: str, answer: Any) -> list[str]:
        """Names in an answer that this caller may not be told."""
        kind = answer.headers.get("Content-Type", "")
        if not kind.startswith(("text/", "application/json")):
            return []
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found = set(self.pattern.findall(body.decode()))
        return sorted(word for word in found if not self._may(caller, word))

    def _may(self, caller: Caller, word: str) -> bool:
        key = (caller.word, word)
        if key not in self._known:
            self._known[key] = self._judged(caller, word)
        return self._known[key]

    def _judged(self, caller: Caller, word: str) -> bool:
        if word in self.people:
            return self._person(caller, self.people[word])
        if word in self.units:
            return self._unit(caller, self.units[word])
        return self._place(caller, self.places[word])

    def _person(self, caller: Caller, one: Subject) -> bool:
        """By the record, by a post, by the account, by a seat of a joint body that one may see."""
        may = self.judge.may
        posts = [post for post in self.subjects["post"] if post.person == one.person]
        bodies = [body for body in self.subjects["body"] if one.person in body.seated]
        return (
            may(caller, TOLD, one)
            or may(caller, ACCOUNT, one)
            or any(may(caller, POST, post) for post in posts)
            or any(may(caller, BODY, body) for body in bodies)
        )

    def _unit(self, caller: Caller, one: Subject) -> bool:
        place = Subject("", home=one.home, members_home=one.home)
        bodies = self.subjects["body"]  # units paired with a joint body are told to whoever sees it
        return self.judge.may(caller, UNIT, one) or self.judge.may(caller, ORG, place) or self._paired(caller, bodies)

    def _paired(self, caller: Caller, bodies: list[Subject]) -> bool:
        return any(self.judge.may(caller, BODY, body) for body in bodies)

    def _place(self, caller: Caller, one: Subject) -> bool:
        """By itself, by its figures, as the home of somebody, or as what stands above something that one may see."""
        may = self.judge.may
        if one.home in self.on_boards or may(caller, ORG, one) or may(caller, FIGURE, one):
            return True
        bodies = [body for body in self.subjects["body"] if one.home in (body.home, *body.represented)]
        members = [
            person
            for person in self.subjects["person"]
            if one.home in (person.home, *person.received_by, self.former.get(person.person or 0))
        ]
        posts = [post for post in self.subjects["post"] if post.home == one.home]
        if (
            any(may(caller, BODY, body) for body in bodies)
            or any(may(caller, TOLD, person) for person in members)
            or any(may(caller, POST, post) for post in posts)
        ):
            return True
        moved = self.world.places["甲村20"]
        if one.home == self.world.places["甲镇"].pk and may(
            caller, ORG, Subject("", home=moved.pk, members_home=moved.pk)
        ):
            return True  # where a branch came from stands in its history
        above = self.judge.parents.get(one.home or 0)
        if above is not None and may(caller, FIGURE, Subject("", home=above)):
            return True  # a figure is told by child
        below = [place for place in self.subjects["organisation"] if one.home in self.judge.above(place.home or 0)]
        return any(may(caller, ORG, place) for place in below)
