"""The house rules that a machine can check, as plain functions from text to faults. A fault is a sentence."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONGEST_LINE = 120

ANATOMY = {
    "__init__", "apps", "models", "rules", "facts", "queries", "actions", "forms", "views", "api", "commands", "tasks",
    "urls", "declarations",
}  # fmt: skip
FOLDERS = {"migrations", "templates", "templatetags", "management", "static"}

FORBIDDEN_NAMES = {
    "util", "utils", "helper", "helpers", "service", "services", "selector", "selectors", "manager", "managers",
    "common", "base", "core", "mixin", "mixins", "signal", "signals", "repository", "repositories", "facade",
    "facades", "misc",
}  # fmt: skip

SINGLE_WRITES = {
    "save", "asave", "create", "acreate", "update", "aupdate", "delete", "adelete", "get_or_create", "aget_or_create",
    "update_or_create", "aupdate_or_create",
}  # fmt: skip
BULK_WRITES = {"bulk_create", "abulk_create", "bulk_update", "abulk_update"}

CHINESE = re.compile(r"[\u4e00-\u9fff]")

INLINE = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style block": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w.-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
}
EXTERNAL = re.compile(
    r"""(?:https?|wss?):(?:\\?/){2}|(?:src|href|action)\s*=\s*["']//|url\(\s*["']?//|@import\s+["']//""", re.IGNORECASE
)
NAMESPACES = re.compile(r"http://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml|XML/1998/namespace)")

# Spelt in pieces, so that this file does not name them either.
REGISTRIES = tuple("".join(parts) for parts in (
    ("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org"), ("npm", "mirror.com"), ("deb.", "debian.org"),
))  # fmt: skip
WORKPLACE = re.compile(r"(?<![\w.~-])/(?:" + "wo" + "rk|ro" + r"ot)/|\biss" + r"ue #?\d+\b|\bTO" + r"DO\b")


def long_file(text: str) -> Iterator[str]:
    """More lines than a reader takes in at one sitting."""
    count = text.count("\n") + 1
    if count > LONGEST_FILE + 1:
        yield f"{count} lines; {LONGEST_FILE} is the hard stop: split the area"


def long_lines(text: str) -> Iterator[str]:
    """Lines that run out of the window. A Chinese character counts as one."""
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            yield f"line {number} has {len(line)} characters; {LONGEST_LINE} is the hard stop"


def long_functions(source: str) -> Iterator[str]:
    """Functions that do not fit on a screen."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{node.name} has {length} lines; {LONGEST_FUNCTION} is the hard stop"


def writes(source: str) -> Iterator[str]:
    """Calls that write through the ORM. Digests, sets and dicts take something by position; querysets never do."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name = node.func.attr
        if name in BULK_WRITES or (name in SINGLE_WRITES and not node.args):
            yield f"line {node.lineno}: .{name}() writes; only verbs do (actions.py)"


def may_write(path: str) -> bool:
    """Whether a file is one of those that write."""
    return bool({"actions", "models", "migrations"} & set(PurePosixPath(path).with_suffix("").parts))


def foreign_names(inside: str, extra: frozenset[str] = frozenset()) -> Iterator[str]:
    """A file or folder of an area that is not of the one anatomy; `inside` is the path below the area."""
    parts = PurePosixPath(inside).parts
    if len(parts) > 1:
        if parts[0] not in FOLDERS | ANATOMY | extra:  # a module may have grown into a package of the same name
            yield f"{parts[0]}/ is no folder of an area"
    elif PurePosixPath(inside).suffix != ".py":
        yield f"{inside} is no part of an area"
    elif PurePosixPath(inside).stem not in ANATOMY | extra:
        yield f"{inside} is no module of an area"


def forbidden_names(path: str) -> Iterator[str]:
    """Names that say nothing, and so gather everything."""
    for part in PurePosixPath(path).with_suffix("").parts:
        if part in FORBIDDEN_NAMES:
            yield f"{part} says nothing about what is inside"


def inline_code(template: str) -> Iterator[str]:
    """What a strict content policy would stop in the browser."""
    for what, pattern in INLINE.items():
        for found in pattern.finditer(template):
            yield f"line {template.count(chr(10), 0, found.start()) + 1}: {what}"


def external_addresses(text: str) -> Iterator[str]:
    """Anything that a page would load from elsewhere."""
    for found in EXTERNAL.finditer(NAMESPACES.sub("", text)):
        yield f"an address elsewhere: {text[found.start() : found.start() + 60]!r}"


def outside_words(text: str) -> Iterator[str]:
    """Download hosts, paths of one machine, and notes to somebody else."""
    for word in REGISTRIES:
        if word in text.lower():
            yield f"names the download host {word}"
    for found in WORKPLACE.finditer(text):
        yield f"line {text.count(chr(10), 0, found.start()) + 1}: {found.group()!r}"


def words_of_model(name: str, verbose_name: str, docstring: str | None) -> Iterator[str]:
    """A table is called by the name its people use, and says what it is to them."""
    if not CHINESE.search(verbose_name):
        yield f"{name} has no Chinese verbose_name"
    if not CHINESE.search((docstring or "").strip().partition("\n")[0]):
        yield f"{name} does not say in Chinese, on the first line of its docstring, what it is"


def reasonless_dependencies(pyproject: str) -> Iterator[str]:
    """Every line of a dependency list gives its reason."""
    inside = False
    for line in pyproject.splitlines():
        if re.match(r"(dependencies|dev)\s*=\s*\[", line):
            inside = True
        elif line.startswith("]"):
            inside = False
        elif inside and '"' in line and "#" not in line:
            yield f"no reason given: {line.strip()}"
