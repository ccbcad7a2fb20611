"""The platform's settings with secrets made for tests, a database of our own, and nothing slow."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOM = Path(tempfile.mkdtemp(prefix="jiceng-tests-"))
atexit.register(shutil.rmtree, ROOM, ignore_errors=True)

os.environ["JICENG_ENV_FILE"] = ""
os.environ["JICENG_SECRET_KEY"] = "a secret that is known to everybody, so it is none at all"
os.environ["JICENG_SEALING_KEY"] = "5e" * 32
os.environ["JICENG_HTTPS"] = "false"
os.environ["JICENG_DATA_DIR"] = str(ROOM)
os.environ.setdefault("JICENG_DATABASE_URL", f"sqlite:///{ROOM}/jiceng.sqlite3")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs a loop in the thread of the test

from jiceng.project.settings import *  # noqa: E402, F403
from jiceng.project.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["*"]
STATIC_ROOT = ROOM / "static"
STATIC_ROOT.mkdir()
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A file, not memory: the server of the browser tests has threads, and the storage checks want the real journal mode.
DATABASES["default"]["TEST"] = {
    "NAME": str(ROOM / "test.sqlite3")
    if DATABASES["default"]["ENGINE"].endswith("sqlite3")
    else os.environ.get("JICENG_TEST_DATABASE_NAME", "test_jiceng"),
}
