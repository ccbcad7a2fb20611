"""`python -m bench [sqlite|postgresql]…`: builds the prefecture once a database, measures, writes build/bench.json."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOM = Path("build/bench").absolute()
ADDRESSES = {
    "sqlite": f"sqlite:///{ROOM}/sqlite/bench.sqlite3",
    "postgresql": os.environ.get("JICENG_BENCH_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/jiceng_bench"),
}


def main() -> int:
    rows = []
    for engine in sys.argv[1:] or list(ADDRESSES):
        room = ROOM / engine
        room.mkdir(parents=True, exist_ok=True)
        settings = {
            "JICENG_ENV_FILE": "", "JICENG_SECRET_KEY": "b" * 60, "JICENG_SEALING_KEY": "5e" * 32,
            "JICENG_HTTPS": "false",
            "JICENG_DATABASE_URL": ADDRESSES[engine], "JICENG_DATA_DIR": str(room),
            "DJANGO_SETTINGS_MODULE": "jiceng.project.settings",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "bench.run", engine], env=os.environ | settings, check=True)
        rows += json.loads((room / "rows.json").read_text())
    out = Path("build/bench.json")
    out.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
    print(f"\n{out}: {sum(row['holds'] for row in rows)} of {len(rows)} bars hold")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
