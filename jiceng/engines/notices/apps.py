from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "jiceng.engines.notices"
    label = "notices"
    verbose_name = "公示公开"

    def ready(self) -> None:
        from jiceng.kernel.files.parents import Parent, may_have_files

        from . import declarations, queries, rules  # noqa: F401  # reading declarations registers the kind of file
        from .models import Notice

        may_have_files(Notice, Parent(queries.visible, rules.revise, queries.still_open))
