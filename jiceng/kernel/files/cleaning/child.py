"""The program that looks into a file. In: one line of JSON (`act`), then the file. Out: one line of JSON, then a file.

It runs by itself with limits on memory and time, may write no file, and shares nothing with us but two pipes.
"""

import json
import resource
import sys

from . import images, office, pdf
from .refusing import LARGEST, Unfit

MEMORY = 1 << 30
SECONDS = 20


def main() -> None:
    """Answers one question about one file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    act = json.loads(sys.stdin.buffer.readline())["act"]
    content = sys.stdin.buffer.read(LARGEST + 1)
    try:
        told, made = clean(content) if act == "clean" else texts(content)
    except Unfit as unfit:
        told, made = {"unfit": str(unfit)}, b""
    except (MemoryError, RecursionError):
        told, made = {"unfit": "文件太大或太复杂，没有收。请分成几份，或另存为新文件再传。"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + made)


def sniffed(content: bytes) -> str:
    """What the file is by its first bytes, whatever it is called."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return "office"
    raise Unfit("只收 Word（.docx）、Excel（.xlsx）、PDF 和 JPG、PNG 图片。旧格式请另存为新格式再传。")


def clean(content: bytes) -> tuple[dict[str, object], bytes]:
    """The kind of the file, and the file without what does not show."""
    kind = sniffed(content)
    if kind == "office":
        kind, made = office.cleaned(content)
        return {"kind": kind}, made
    return {"kind": kind}, pdf.cleaned(content) if kind == "pdf" else images.redrawn(content)


def texts(content: bytes) -> tuple[dict[str, object], bytes]:
    """Every text in the file with its place; a picture has none that is read here."""
    kind = sniffed(content)
    found = office.texts(content) if kind == "office" else pdf.texts(content) if kind == "pdf" else iter(())
    return {"texts": list(found)}, b""


if __name__ == "__main__":
    main()
