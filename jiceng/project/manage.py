"""The `jiceng` command: Django's own command runner with our settings chosen."""

import gc
import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Runs one command; a missing secret is answered with a sentence instead of a traceback."""
    gc.disable()  # reading the code makes a million objects and no garbage
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiceng.project.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    django.setup()
    gc.enable()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
