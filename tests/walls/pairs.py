"""The route matrix: every address × method × record × caller, answered by the platform and by a judge."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from jiceng.engines.intake import catalogue
from jiceng.kernel.accounts.middleware import SIGN_IN
from jiceng.kernel.accounts.models import User
from jiceng.kernel.journal.models import Entry
from jiceng.kernel.people.models import Person
from tests.walls import subjects
from tests.walls.holes import HOLES, NEAR
from tests.walls.judge import Judge, Subject
from tests.walls.lines import EVERY, SELF, Line
from tests.walls.names import Names
from tests.walls.table import SHEETS, TABLE
from tests.walls.world import Caller, World

SEED = 20_260_601
FULL, SMALL, NARROW = 100_000, 6_000, 1_500
"""Pairs of a whole run, of the run that every change goes through, and for a hole in few addresses."""

PATIENCE = 50
"""So many tries a pair are made to find one that was not asked yet; few addresses have few pairs."""

LOOKS = {"people.look", "people.look_at_many"}
"""What a page may write although it only shows something: who saw whom."""


def routes() -> Iterator[str]:
    """Every address of the platform by its name, with the name space where there is one."""

    def walk(patterns: Iterable[Any], space: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield f"{space}{pattern.name}" if pattern.name else f"(no name) {pattern.pattern}"
            else:
                inner = pattern.namespace
                yield from walk(pattern.url_patterns, f"{space}{inner}:" if inner else space)

    yield from walk(get_resolver().url_patterns, "")


def forgotten() -> list[str]:
    """What the resolver and the table do not both know."""
    there, told = set(routes()), {name.partition("/")[0] for name in TABLE}
    return [
        *(f"the address {name} has no line in tests/walls/table.py: who may see it?" for name in sorted(there - told)),
        *(f"tests/walls/table.py has a line for {name}, which is no address" for name in sorted(told - there)),
        *(
            f"the sheet {one.key} is not in SHEETS of tests/walls/table.py: who may bring it in?"
            for one in catalogue.sheets()
            if one.key not in SHEETS
        ),
    ]


@dataclass(frozen=True)
class Pair:
    """One question to the platform."""

    caller: Caller
    name: str
    method: str
    subject: Subject

    @property
    def line(self) -> Line:
        return TABLE[self.name]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api-")

    def __str__(self) -> str:
        return f"{self.caller.word}: {self.method} {self.name} {self.subject.word}".strip()


@dataclass
class Tally:
    """What came of the pairs that were asked."""

    pairs: int = 0
    leaks: list[str] = field(default_factory=list)
    seen: int = 0
    acts: Counter[str] = field(default_factory=Counter)


class Matrix:
    """The platform with a city in it, and the judge of that city."""

    def __init__(self, world: World) -> None:
        self.world = world
        homes = dict(Person.objects.exclude(organisation=None).values_list("pk", "organisation_id"))
        self.judge = Judge(world, {person: home for person, home in homes.items() if home is not None})
        self.subjects = subjects.of(world)
        self.names = Names(world, self.judge, self.subjects)
        self.client = Client()
        self.keys = {caller.word: _session(caller) for caller in world.callers}
        self.last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def sample(self, number: int, seed: int = SEED, names: Iterable[str] = ()) -> Iterator[Pair]:
        """So many different pairs: each address alike, each caller alike, what is in reach as often as what is not."""
        chance, known = random.Random(seed), set[tuple[str, str, str, tuple[Any, ...], str]]()
        chosen = [name for name in sorted(names or TABLE) if self.subjects[TABLE[name].of]]
        for _ in range(number * PATIENCE):
            if len(known) == number:
                return
            name, caller = chance.choice(chosen), chance.choice(self.world.callers)
            line = TABLE[name]
            method = chance.choice(line.methods if chance.random() < 0.9 else EVERY)
            subject = chance.choice(self.subjects[line.of])
            if chance.random() < 0.5:
                near = [one for one in self.subjects[line.of] if self.judge.may(caller, line.see, one)]
                subject = chance.choice(near) if near else subject
            key = (caller.word, name, method, subject.args, subject.query)
            if key not in known:
                known.add(key)
                yield Pair(caller, name, method, subject)

    def run(self, pairs: Iterable[Pair], tally: Tally | None = None, *, until_first: bool = False) -> Tally:
        """Asks them all; what each of them changed is undone."""
        tally = tally or Tally()
        for pair in pairs:
            with transaction.atomic():
                tally.leaks += self.faults(pair, tally)
                transaction.set_rollback(True)
            tally.pairs += 1
            if until_first and tally.leaks:
                break
        return tally

    def faults(self, pair: Pair, tally: Tally) -> list[str]:
        """What the platform answered otherwise than the table says."""
        try:
            answer = self._ask(pair)
        except Exception as fault:  # any fault of a page is a finding, whatever it is
            return [f"{pair}: {type(fault).__name__}: {fault}"]
        found, wanted = verdict(answer), self.wanted(pair)
        faults = [] if found == wanted else [f"{pair}: {wanted}, but it was {found} ({answer.status_code})"]
        wrote = set(Entry.objects.filter(pk__gt=self.last).values_list("verb", flat=True))
        faults += [f"{pair}: {word}" for word in self._written(pair, wanted, wrote, tally)]
        if found == "seen" and answer.status_code == 200:
            told = self.names.strays(pair.caller, pair.name, answer)
            faults += [f"{pair}: names {stray}, who is out of reach" for stray in told]
            tally.seen += 1
        return faults

    def wanted(self, pair: Pair) -> str:
        """What the table and the judge say the answer must be."""
        line, caller = pair.line, pair.caller
        if line.of == "nothing":
            return "hidden"
        if pair.is_api and pair.method not in line.methods:
            return "wrong method"
        if line.of.startswith("hidden-"):
            return "hidden" if pair.method in line.methods else "wrong method"
        if caller.person is None and line.see != "public":
            return "stranger"
        if pair.method not in line.methods:
            return "wrong method"
        if not self.judge.may(caller, line.see, pair.subject):
            return "hidden"
        if pair.is_api and pair.method == "POST" and not self.judge.may(caller, line.act, pair.subject):
            return "refused"
        return "seen"

    def _written(self, pair: Pair, wanted: str, wrote: set[str], tally: Tally) -> Iterator[str]:
        """Verbs that ran though they may not, or did not though they may."""
        line = pair.line
        acts = wanted == "seen" and pair.method == "POST" and self.judge.may(pair.caller, line.act, pair.subject)
        allowed = (LOOKS if wanted == "seen" else set()) | ({line.verb, *line.with_it} if acts else set())
        if wrote - allowed:
            yield f"it did {', '.join(sorted(wrote - allowed))}"
        if acts and line.verb in wrote:
            tally.acts[line.verb] += 1
        elif acts and line.said and not line.may_be_refused:
            yield f"it did not do {line.verb}, which the table allows"

    def _ask(self, pair: Pair) -> Any:
        address = reverse(pair.name.partition("/")[0], args=pair.subject.args)
        address += f"?{pair.subject.query}" if pair.subject.query else ""
        self.client.cookies.clear()
        headers = {}
        if pair.is_api:
            headers = {"Authorization": f"Bearer {pair.caller.token}"} if pair.caller.token else {}
        elif key := self.keys[pair.caller.word]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = key
        own = pair.subject.args[0] if pair.subject.args else ""
        said = {key: own if value == SELF else value for key, value in pair.line.said.items()}
        kind = {"content_type": "application/json"} if pair.is_api and pair.method == "POST" else {}
        ask = getattr(self.client, pair.method.lower())
        return ask(address, said, headers=headers, **kind) if pair.method == "POST" else ask(address, headers=headers)


def verdict(answer: Any) -> str:
    """The answer in a word."""
    match answer.status_code:
        case 404:
            return "hidden"
        case 401:
            return "stranger"
        case 403:
            return "refused"
        case 405:
            return "wrong method"
        case 302 if answer["Location"].startswith("/sign-in/?next="):
            return "stranger"
        case code if code < 500:
            return "seen"
        case _:
            return "a fault"


def _session(caller: Caller) -> str:
    """A session in the store, as signing in leaves it."""
    if caller.user is None:
        return ""
    user = User.objects.get(pk=caller.user)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[SIGN_IN] = caller.sign_in
    store.create()
    return str(store.session_key)


def torn(world: World, pairs: list[Pair], word: str) -> str:
    """The first thing that the matrix finds once a hole is torn; nothing if it does not notice."""
    with HOLES[word]():
        walls = Matrix(world)
        asked = list(walls.sample(NARROW, names=NEAR[word])) if word in NEAR else pairs
        found = walls.run(asked, until_first=True).leaks
    return found[0] if found else ""
