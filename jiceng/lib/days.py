"""Days in expressions, said the same on every database."""

from typing import Any

from django.db.models import DateField, Func


class NextDay(Func):
    """The day after a date: the exclusive end of what held on that one day."""

    output_field = DateField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '+1 day')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s + 1)", **context)
