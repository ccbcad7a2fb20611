"""Writes the settings of a trial installation, with fresh secrets, readable by its owner only. Never overwrites."""

import os
import secrets
import sys
from pathlib import Path

TEXT = """# 试用环境的设置。丢了 JICENG_SEALING_KEY，加密的个人信息就再也读不出来。
JICENG_SECRET_KEY={secret}
JICENG_SEALING_KEY={sealing}
JICENG_HTTPS=false
"""


def main(to: Path) -> None:
    if to.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    text = TEXT.format(secret=secrets.token_hex(32), sealing=secrets.token_hex(32))
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    print(f"已生成 {to}（含本机的密钥，只有您能读）。")


main(Path(sys.argv[1]))
