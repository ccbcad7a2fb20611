"""Work in the background: a new columnar file after much has changed."""

from django.tasks import task

from . import columnar


@task()
def refresh() -> None:
    """Called after an intake has been applied; does nothing while another process is building."""
    columnar.refresh()
