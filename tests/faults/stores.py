"""Databases of our own: one is built, and every run gets a copy of it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

SECRETS = {
    "JICENG_ENV_FILE": "", "JICENG_SECRET_KEY": "f" * 60, "JICENG_SEALING_KEY": "5e" * 32, "JICENG_HTTPS": "false",
    "DJANGO_SETTINGS_MODULE": "jiceng.project.settings",
}  # fmt: skip


def environment(engine: str, server: str, room: Path) -> dict[str, str]:
    """The variables of a process whose database is a new one, under a name that nobody else has."""
    name = f"jiceng_faults_{os.getpid()}_{room.name[-8:].lower()}"
    address = (
        urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        if engine == "postgresql"
        else f"sqlite:///{room}/{name}.sqlite3"
    )
    return SECRETS | {"JICENG_DATABASE_URL": address, "JICENG_DATA_DIR": str(room)}


@contextmanager
def room() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="jiceng-faults-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Store:
    """The database that the settings name, as a pattern, and the copy in use. No connection is open in this process."""

    def __init__(self) -> None:
        from django.db import connections  # needs settings

        self._settings = connections["default"].settings_dict
        self.vendor = connections["default"].vendor
        self._pattern: str = self._settings["NAME"]
        self._made: list[str] = []

    def build(self, fill: Callable[[], None]) -> None:
        """Makes the pattern, and fills it in another process."""
        from .children import alone  # the fork belongs there

        self._create(self._pattern, "template0")
        self._settings["NAME"] = self._pattern
        alone(fill)

    def fresh(self) -> None:
        """From here on every new process works in a new copy."""
        self._drop_copy()
        name = f"{self._pattern}_{len(self._made)}"
        if self.vendor == "sqlite":
            shutil.copyfile(self._pattern, name)
            self._made.append(name)
        else:
            self._create(name, self._pattern)
        self._settings["NAME"] = name

    def drop(self) -> None:
        """Nothing of ours is left."""
        for name in self._made:
            self._drop(name)

    def _create(self, name: str, pattern: str) -> None:
        self._made.append(name)
        if self.vendor == "postgresql":
            command = SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
            self._tell(command.format(Identifier(name), Identifier(pattern)))

    def _drop_copy(self) -> None:
        if self._settings["NAME"] != self._pattern:
            self._drop(self._settings["NAME"])

    def _drop(self, name: str) -> None:
        if self.vendor == "postgresql":
            self._tell(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        else:
            for ending in ("", "-wal", "-shm"):
                Path(name + ending).unlink(missing_ok=True)

    def _tell(self, command: psycopg.sql.Composed) -> None:
        said = self._settings
        with psycopg.connect(
            host=said["HOST"], port=said["PORT"] or 5432, user=said["USER"], password=said["PASSWORD"] or None,
            dbname="postgres", autocommit=True,
        ) as server:  # fmt: skip
            server.execute(command)
