"""Finds a Chromium on this machine."""

import os
import shutil


def browser_path() -> str | None:
    """JICENG_BROWSER if it is set, else the first Chromium on the PATH."""
    chosen = os.environ.get("JICENG_BROWSER")
    if chosen:
        return chosen
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
