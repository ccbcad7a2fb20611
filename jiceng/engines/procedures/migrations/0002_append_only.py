"""The database itself refuses to change or remove an entry of a case, or the edition by which it is done."""

from typing import Any

from django.db import migrations

TABLES = ("procedures_entry", "procedures_edition")

SQLITE = """
CREATE TRIGGER {table}_is_append_only_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '事项记录只增不改'); END
"""

FUNCTION = """
CREATE FUNCTION procedures_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '事项记录只增不改'; END $$
"""

TRIGGER = """
CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION procedures_is_append_only()
"""


def guard(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(FUNCTION)
        for table in TABLES:
            editor.execute(TRIGGER.format(table=table))
        return
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            editor.execute(SQLITE.format(table=table, verb=verb))


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
