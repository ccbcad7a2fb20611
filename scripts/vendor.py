"""Copies the front-end files that we serve from node_modules, and holds them to a list of SHA-256 digests.

`vendor.py` copies and compares with the list; `vendor.py --write` writes the list anew after a version was raised.
"""

import hashlib
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "jiceng/ui/static/vendor"
LIST = ROOT / "jiceng/ui/vendor.sha256"

FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "echarts.LICENSE.txt": "echarts/LICENSE",
    "zrender.LICENSE.txt": "zrender/LICENSE",
    "tslib.LICENSE.txt": "tslib/LICENSE.txt",
}


def main() -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    found = "".join(f"{hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(FILES))
    if "--write" in sys.argv:
        LIST.write_text(found)
    elif found != LIST.read_text():
        sys.exit(
            f"The front-end files differ from {LIST.relative_to(ROOT)}. If a version was raised, run with --write."
        )


main()
