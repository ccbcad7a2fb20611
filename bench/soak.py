"""`python -m bench.soak [sqlite|postgresql]…`: a hundred kills of each work, two hundred races, planted faults."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVER = os.environ.get("JICENG_TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
PARTS = (
    "kills=100",
    "statements=4",
    "planted_statements",
    "planted_kills=40",
    "races=200",
    "planted_races=40",
    "tampering",
)


def main() -> int:
    """Runs every part on every database, prints the counts, writes build/soak.json."""
    reports = {engine: _run(engine) for engine in sys.argv[1:] or _engines()}
    out = Path("build/soak.json")
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(reports, ensure_ascii=False, indent=1))
    right = True
    for engine, report in reports.items():
        for name, said in report.items():
            line, holds = _line(name, said)
            print(f"{engine}: {name}: {line}{'' if holds else '  ← WRONG'}")
            right &= holds
    return 0 if right else 1


def _engines() -> list[str]:
    answers = subprocess.run([sys.executable, "scripts/postgres_answers.py", SERVER], check=False)
    return ["sqlite", "postgresql"] if answers.returncode == 0 else ["sqlite"]


def _run(engine: str) -> dict[str, Any]:
    environment = os.environ | {"JICENG_TEST_DATABASE_URL": SERVER}
    command = [sys.executable, "-m", "tests.faults.drive", engine, *PARTS]
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def _line(name: str, said: dict[str, Any]) -> tuple[str, bool]:
    """The counts of one part, and whether they are as they must be."""
    if name.startswith("planted"):
        return f"caught {sum(said.values())} of {len(said)}", all(said.values())
    if name.startswith("races"):
        return f"{said['races']} races, {said['wrong']} wrong {said['faults']}", not said["wrong"]
    counts = f"{said['kills']} kills, {said['bad']} bad"
    if name.startswith("statements"):
        counts += f", content changed {said['changed']} times"
        return counts, not said["bad"] and not said["changed"]
    return (
        f"{counts}, {said['inside']} in a verb that had begun to write, {said['done']} verbs done {said['faults']}",
        not said["bad"],
    )


if __name__ == "__main__":
    sys.exit(main())
