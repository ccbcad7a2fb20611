"""Pictures are drawn anew from their dots: place, camera, author and whatever hides behind the picture stay out."""

import io

from PIL import Image, ImageOps

from .refusing import Unfit

DOTS = 50_000_000
"""More than any telephone takes, and 200 MB once unfolded."""


def redrawn(content: bytes) -> bytes:
    """The same picture, upright, with nothing but its dots."""
    Image.MAX_IMAGE_PIXELS = DOTS
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            kind = picture.format
            if picture.width * picture.height > DOTS:
                raise Unfit(f"图片太大（{picture.width}×{picture.height} 点）。请缩小以后再传。")
            upright = ImageOps.exif_transpose(picture)
            mode = upright.mode if upright.mode in ("RGB", "L") or (kind == "PNG" and upright.mode == "RGBA") else "RGB"
            plain = Image.new(mode, upright.size)
            plain.paste(upright.convert(mode))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Unfit("图片打不开，可能没有传完整。请重新拍或另存为 JPG 再传。") from None
    written = io.BytesIO()
    if kind == "PNG":
        plain.save(written, "PNG", optimize=True)
    else:
        plain.save(written, "JPEG", quality=90)
    return written.getvalue()


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG inside another file without its remarks, dot for dot: segments APP1–13, APP15, COM, and what follows."""
    if not content.startswith(b"\xff\xd8"):
        return content
    kept, at = [content[:2]], 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        mark, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == 0xDA:
            end = content.rfind(b"\xff\xd9")
            return b"".join(kept) + content[at : end + 2 if end > at else len(content)]
        if not (0xE1 <= mark <= 0xED or mark in (0xEF, 0xFE)):
            kept.append(content[at : at + 2 + size])
        at += 2 + size
    return content
