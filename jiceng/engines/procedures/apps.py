from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "jiceng.engines.procedures"
    label = "procedures"
    verbose_name = "办事程序"

    def ready(self) -> None:
        from jiceng.kernel.files.parents import Parent, may_have_files
        from jiceng.kernel.people.actions import unions_are_followed

        from . import declarations, queries, rules  # noqa: F401  # reading declarations registers the kind
        from .actions.uniting import follow
        from .models import Case, Entry

        unions_are_followed(follow, Case)
        may_have_files(Entry, Parent(queries.scanned_entries, rules.keep_paper, queries.without_scan))
