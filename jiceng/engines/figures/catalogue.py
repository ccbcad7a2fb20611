"""The facts that areas offer, handed over once at project start; areas stand beside or above this package."""

from collections.abc import Iterable

from jiceng.lib.facts import Fact

_facts: dict[str, Fact] = {}


def facts_come_from(facts: Iterable[Fact]) -> None:
    """Hands over every fact that may be counted. Raises ValueError where two have one key."""
    handed = list(facts)
    _facts.clear()
    for fact in handed:
        if fact.key in _facts:
            raise ValueError(f"two facts are called {fact.key}")
        _facts[fact.key] = fact


def facts() -> list[Fact]:
    """Every fact, by key."""
    return [_facts[key] for key in sorted(_facts)]


def fact(key: str) -> Fact:
    """The fact of that key. Raises KeyError with the keys there are."""
    if key not in _facts:
        raise KeyError(f"no fact {key}; there are {', '.join(sorted(_facts))}")
    return _facts[key]
