"""One file that holds everything: the database, the files, and a signed list of what belongs to it.

The list is signed with the sealing key, without which the personal fields in the backup could not be read anyway. So
a backup that was altered, or that belongs to another installation, is refused before anything is touched.
"""

import hashlib
import hmac
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from jiceng.engines.figures import columnar
from jiceng.lib.bulk import settle

from . import stores

FORMAT = 1
MANIFEST, SIGNATURE, FILES = "manifest.json", "manifest.hmac", "files"


def write(to: Path) -> dict[str, Any]:
    """Writes a backup, readable by its owner only, and returns its manifest. An existing file is never overwritten."""
    if to.exists():
        raise CommandError(f"{to} 已经存在。请换一个文件名。")
    to.parent.mkdir(parents=True, exist_ok=True)
    with _room(to.parent) as room:
        store = stores.of(connection)
        store.dump(connection, room / store.member)
        members = {store.member: room / store.member, **_media()}
        manifest = _manifest(members)
        unfinished = room / "unfinished.tar"
        with tarfile.open(unfinished, "x") as tar:
            _add(tar, MANIFEST, _bytes(manifest))
            _add(tar, SIGNATURE, _signature(_bytes(manifest)).encode())
            for name, path in members.items():
                tar.add(path, name, recursive=False)
        unfinished.chmod(0o600)
        _flush(unfinished)
        unfinished.replace(to)
    return manifest


def restore(source: Path, *, replace: bool) -> dict[str, Any]:
    """Checks the whole backup first, then puts database and files back. Refuses to overwrite work unless told to."""
    if not source.exists():
        raise CommandError(f"没有这个文件：{source}。")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with _room(settings.DATA_DIR) as room:
        manifest = _unpack(source, room)
        store = stores.of(connection)
        if store.member not in manifest["members"]:
            raise CommandError("这份备份来自另一种数据库。请用同一种数据库恢复。")
        if not replace and not (stores.is_empty(connection) and not _media()):
            raise CommandError("库里或文件夹里已有内容，没有恢复。确实要用备份替换，请加 --replace。")
        store.load(connection, room / store.member)
        settle(connection)
        _put_files_back(room)
        columnar.forget()
    return manifest


def _media() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    found = (
        sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()) if root.is_dir() else []
    )
    return {f"{FILES}/{path.relative_to(root).as_posix()}": path for path in found}


def _manifest(members: dict[str, Path]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "members": {name: _digest(path) for name, path in members.items()},
    }


def _unpack(source: Path, room: Path) -> dict[str, Any]:
    """The manifest, once every byte in the backup is known to be what was put there."""
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _signed_manifest(tar)
            names = [member.name for member in tar.getmembers()]
            if sorted(names) != sorted([MANIFEST, SIGNATURE, *manifest["members"]]):
                raise CommandError("备份里的文件与清单对不上：多了或少了。什么也没有恢复。")
            tar.extractall(room, filter="data")
    except (tarfile.TarError, KeyError, OSError, ValueError) as error:
        raise CommandError(f"读不懂这份备份：{error}。什么也没有恢复。") from error
    for name, digest in manifest["members"].items():
        if _digest(room / name) != digest:
            raise CommandError(f"备份里的 {name} 与清单不符：它被改过或者坏了。什么也没有恢复。")
    return manifest


def _signed_manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    text, signature = _read(tar, MANIFEST), _read(tar, SIGNATURE)
    if not hmac.compare_digest(_signature(text).encode(), signature):
        raise CommandError(
            "备份清单的签章不符：备份被改过，或者 JICENG_SEALING_KEY 不是做备份时的那一把。什么也没有恢复。"
        )
    manifest: dict[str, Any] = json.loads(text)
    if manifest["format"] != FORMAT:
        raise CommandError(f"这份备份的格式是第 {manifest['format']} 版，本程序只认第 {FORMAT} 版。")
    return manifest


def _put_files_back(room: Path) -> None:
    """Swaps the whole folder by renaming, so that files are either all old or all new."""
    root, old = Path(settings.MEDIA_ROOT), room / "replaced"
    fresh = room / FILES
    fresh.mkdir(exist_ok=True)
    if root.exists():
        root.replace(old)
    root.parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(root)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    tar.addfile(member, BytesIO(content))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    stream = tar.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream.read()


def _bytes(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _signature(manifest: bytes) -> str:
    key = hmac.digest(settings.SEALING_KEY, b"jiceng.backup", "sha256")
    return hmac.new(key, manifest, hashlib.sha256).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


@contextmanager
def _room(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, so that finished work is moved into place by renaming."""
    room = Path(tempfile.mkdtemp(prefix=".jiceng-", dir=beside))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)
