"""Writes the skeleton of a new area and adds it to the settings and to the import contract.

`area.py domains.visits` is all there is to it. What the area does not need is not made: this is the smallest one.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STOREYS = ("kernel", "engines", "domains", "faces")

APPS = """from django.apps import AppConfig


class {config}Config(AppConfig):
    name = "jiceng.{dotted}"
    label = "{label}"
    verbose_name = "{label}"
"""


def main(dotted: str) -> None:
    found = re.fullmatch(r"(\w+)\.([a-z][a-z_]*)", dotted)
    if not found or found[1] not in STOREYS:
        sys.exit(f"NAME is storey.area, such as domains.visits; the storeys are {', '.join(STOREYS)}.")
    storey, label = found.groups()
    area = ROOT / "jiceng" / storey / label
    if area.exists():
        sys.exit(f"{area.relative_to(ROOT)} is already there.")
    write(area / "__init__.py", '"""一段话，用使用者的话说：这里记什么，谁用，不记什么。"""\n')
    write(area / "apps.py", APPS.format(config=label.title().replace("_", ""), dotted=dotted, label=label))
    write(area / "migrations/__init__.py", "")
    write(area / "models.py", "")
    write(area / "rules.py", "")
    write(area / "actions.py", "")
    (ROOT / "tests" / storey / label).mkdir(parents=True, exist_ok=True)
    add_to_settings(storey, dotted)
    add_to_contract(storey, label)
    print(
        f"{area.relative_to(ROOT)} is there. Next: its paragraph, its nouns, its rules, its verbs, and a test for each."
    )


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def add_to_settings(storey: str, dotted: str) -> None:
    """After the last area of its storey, or of the nearest storey below."""
    path = ROOT / "jiceng/project/settings.py"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if f'    "jiceng.{dotted}",\n' in lines:
        return
    below = STOREYS[: STOREYS.index(storey) + 1]
    last = max(i for i, line in enumerate(lines) if re.match(rf'    "jiceng\.(?:{"|".join(below)})\.\w+",', line))
    lines.insert(last + 1, f'    "jiceng.{dotted}",\n')
    path.write_text("".join(lines), encoding="utf-8")


def add_to_contract(storey: str, label: str) -> None:
    """On the lowest rung of its storey, unless the contract knows it already. Where else it belongs, people say."""
    path = ROOT / "pyproject.toml"
    text = path.read_text(encoding="utf-8")
    contract = re.search(rf'containers = \["jiceng\.{storey}"\]\nlayers = \[.*?\]\nexhaustive', text, re.DOTALL)
    if contract is None:
        sys.exit(f"pyproject.toml has no contract for {storey}.")
    if f"({label})" in contract[0]:
        return
    end = contract[0].rindex('"')
    rung = f"{contract[0][:end]} | ({label}){contract[0][end:]}"
    path.write_text(text.replace(contract[0], rung), encoding="utf-8")


main(sys.argv[1] if len(sys.argv) > 1 else "")
