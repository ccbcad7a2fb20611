"""Draws docs/areas/*.md from code: what each area is, its nouns, who may do what, its verbs, and what it counts.

`docs.py --check` writes nothing and fails where a document differs from what the code would draw.
"""

import inspect
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402

django.setup()

from django.apps import AppConfig, apps  # noqa: E402

from jiceng.kernel.access.rules import REGISTRY, Rule  # noqa: E402
from jiceng.lib.facts import Fact  # noqa: E402


def main() -> None:
    stale = []
    for config in apps.get_app_configs():
        if not config.name.startswith(("jiceng.kernel.", "jiceng.engines.", "jiceng.domains.")):
            continue
        path, text = ROOT / f"docs/areas/{config.label}.md", "\n".join(page(config)) + "\n"
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path.relative_to(ROOT).as_posix())
    if stale:
        sys.exit(f"Differ from the code; run `make docs`: {', '.join(stale)}")


def page(config: AppConfig) -> Iterator[str]:
    yield f"# {config.verbose_name}（`{config.name}`）"
    yield from ("", inspect.getdoc(config.module) or "")
    yield from table("名词", ("代码", "叫法", "是什么"), nouns(config))
    own = {verb.__name__: verb for module in modules(config, "actions") for verb in verbs(module, config.name)}
    yield from table(
        "动作", ("动作", "规则", "说明"), ((name, own[name].rule.name, first(own[name])) for name in sorted(own))
    )
    rules = sorted(rule for rule in REGISTRY if rule.startswith(f"{config.label}."))
    yield from table("谁可以", ("规则", "谁"), ((name, str(REGISTRY[name])) for name in rules))
    yield from table("可以数的", ("代码", "叫法", "一行是"), facts(config))


def nouns(config: AppConfig) -> Iterator[tuple[str, ...]]:
    for model in config.get_models():
        yield model.__name__, str(model._meta.verbose_name), first(model)


def verbs(module: ModuleType, area: str) -> Iterator[Any]:
    """The verbs that a module offers and that are its area's own."""
    for thing in vars(module).values():
        is_verb = inspect.isfunction(thing) and isinstance(getattr(thing, "rule", None), Rule)
        if is_verb and thing.__module__.startswith(area):
            yield thing


def facts(config: AppConfig) -> Iterator[tuple[str, ...]]:
    found = {
        fact.key: fact
        for module in modules(config, "facts")
        for fact in vars(module).values()
        if isinstance(fact, Fact)
    }
    for key in sorted(found):
        yield key, found[key].name, found[key].grain


def modules(config: AppConfig, name: str) -> Iterator[ModuleType]:
    if find_spec(f"{config.name}.{name}"):
        yield import_module(f"{config.name}.{name}")


def first(thing: Any) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def table(title: str, head: tuple[str, ...], rows: Any) -> Iterator[str]:
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    if lines:
        yield from ("", f"## {title}", "")
        yield "| " + " | ".join(head) + " |"
        yield "|" + " --- |" * len(head)
        yield from lines


main()
