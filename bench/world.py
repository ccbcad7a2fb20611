"""The prefecture that everything is measured on: 黄冈, 15,976 organisations and 341,759 members."""

import time

import psycopg
from django.conf import settings
from django.core.management import call_command

from jiceng.engines.figures import columnar


def build(engine: str) -> None:
    """Creates the database where it is missing, and replays the story into it once."""
    if engine == "postgresql":
        _create(settings.DATABASES["default"])
    call_command("migrate", verbosity=0)
    from jiceng.kernel.orgs.models import Organisation
    from jiceng.project.replay import scenario, story

    if not Organisation.objects.exists():
        began = time.perf_counter()
        story.tell_story(scenario.read(story.file_of("huanggang")), simulated=True, tell=print)
        print(f"built in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    columnar.refresh()
    print(f"{engine}: refresh of the columnar file {time.perf_counter() - began:.1f} s")


def _create(said: dict[str, object]) -> None:
    address = {"host": said["HOST"], "port": said["PORT"] or 5432, "user": said["USER"], "password": said["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as connection:
        name = said["NAME"]
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
