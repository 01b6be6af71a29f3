"""The second wall: what PostgreSQL itself shows of the tables that hold schools' rows, whatever a query forgets.

Each of those tables has row-level security, forced also upon its owner, and policies that read nothing but what
tenancy's doors set for their transaction. Outside a door the tables are empty. SQLite has no such wall.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory

# Each in brackets of its own, so that a statement asks it once and not for every row; and the planner, who cannot know
# the answer, counts rows as it would without a wall.
_SYSTEM = "((SELECT current_setting('samenspraak.system', true)) <> '')"
_IN = "ANY ((SELECT string_to_array(current_setting('samenspraak.{}', true), ',')::bigint[])::bigint[])"
_SCHOOLS, _BOARDS = _IN.format("schools"), _IN.format("boards")
_MYSELF = "(SELECT nullif(current_setting('samenspraak.user', true), '')::bigint)"


class Wall(Operation):
    """A step of a migration: from here on the database itself keeps a table's rows to the schools they belong to.

    A person reads and writes rows of schools in reach, and the system all rows. What a table may differ in:
    ``own``: columns that name a person, who reads the row in whatever school it is. ``board``: a column that names a
    board, whose admins are let in too. ``common``: rows without a school are there for everybody to read.
    ``writes="system"``: people only read. ``writes="append"``: people read, and everybody may add.
    """

    category = OperationCategory.SQL
    reduces_to_sql = True
    reversible = True

    def __init__(
        self, table: str, *, own: tuple[str, ...] = (), board: str = "", common: bool = False, writes: str = "school"
    ) -> None:
        """Keep what the wall is for."""
        self.table, self.own, self.board, self.common, self.writes = table, own, board, common, writes

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models."""

    def database_forwards(self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: Any) -> None:
        """Build the wall."""
        self._say(schema_editor, [*self.policies(), "ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"])

    def database_backwards(self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: Any) -> None:
        """Take it down."""
        named = [policy.split()[2] for policy in self.policies()]
        gone = [f"DROP POLICY {name} ON {self.table}" for name in named]
        self._say(schema_editor, [*gone, "NO FORCE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"])

    def describe(self) -> str:
        """What `migrate` says of it."""
        return f"Wall around {self.table}"

    def policies(self) -> list[str]:
        """The statements that say who is let in; where none of them does, nobody is."""
        let_in = f"school_id = {_SCHOOLS}" + (f" OR {self.board} = {_BOARDS}" if self.board else "")
        whole = f"{_SYSTEM} OR {let_in}"
        told = {"wall": f"USING ({whole}) WITH CHECK ({whole})"}
        if self.writes != "school":
            told = {
                "wall": f"FOR SELECT USING ({whole})",
                "system": f"USING ({_SYSTEM}) WITH CHECK ({_SYSTEM})",
            }
        if self.writes == "append":
            told["append"] = "FOR INSERT WITH CHECK (true)"
        if self.own:
            told["own"] = f"FOR SELECT USING ({' OR '.join(f'{column} = {_MYSELF}' for column in self.own)})"
        if self.common:
            told["common"] = "FOR SELECT USING (school_id IS NULL)"
        return [f"CREATE POLICY {name} ON {self.table} {rule}" for name, rule in told.items()]

    def _say(self, schema_editor: BaseDatabaseSchemaEditor, words: list[str]) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        for one in words:
            whole = one if one.partition(" ")[0] in {"CREATE", "DROP"} else f"ALTER TABLE {self.table} {one}"
            schema_editor.execute(whole, params=None)


class OwnWall(Wall):
    """The wall around rows that belong to one person and to no school: nobody else reads or writes them."""

    def __init__(self, table: str, *, own: str = "user_id") -> None:
        """Keep whose the rows are."""
        super().__init__(table, own=(own,))

    def policies(self) -> list[str]:
        """The one statement: the person, and the system."""
        whole = f"{_SYSTEM} OR {self.own[0]} = {_MYSELF}"
        return [f"CREATE POLICY wall ON {self.table} USING ({whole}) WITH CHECK ({whole})"]


_GRANTS = """
DO $$ DECLARE one text; BEGIN
    FOREACH one IN ARRAY ARRAY[
        'GRANT USAGE ON SCHEMA %%1$I TO %%2$I',
        'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %%1$I TO %%2$I',
        'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %%1$I TO %%2$I',
        'ALTER DEFAULT PRIVILEGES IN SCHEMA %%1$I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %%2$I',
        'ALTER DEFAULT PRIVILEGES IN SCHEMA %%1$I GRANT USAGE, SELECT ON SEQUENCES TO %%2$I'
    ] LOOP
        EXECUTE format(one, current_schema(), %(role)s);
    END LOOP;
    IF to_regclass('django_migrations') IS NOT NULL THEN  -- createcachetable may come before migrate
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM %%I', %(role)s);
    END IF;
END $$
"""


def let_in(role: str) -> None:
    """Let a role read and write rows in every table that is there or comes later; it owns none of them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"role": role})


# Whoever may become another role can do what that role can.
_CLIMBS = """
SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolsuper AND pg_has_role(session_user, oid, 'MEMBER')),
       EXISTS (SELECT 1 FROM pg_roles WHERE rolbypassrls AND pg_has_role(session_user, oid, 'MEMBER')),
       EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
                  AND pg_has_role(session_user, relowner, 'MEMBER'))
"""
_OPEN = """
SELECT t.relname FROM pg_class t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'school_id' AND NOT a.attisdropped
 WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
   AND NOT (t.relrowsecurity AND t.relforcerowsecurity
            AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND p.polname = 'wall'))
 ORDER BY t.relname
"""


def ways_over() -> list[str]:
    """How whoever is connected could get over the wall, in sentences; none is as it should be. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CLIMBS)
        is_super, passes_by, owns = cursor.fetchone()
    if is_super:
        return ["The application connects to PostgreSQL as a superuser, before whom no wall stands."]
    return [
        *(["The application's role in PostgreSQL has BYPASSRLS: no wall stands before it."] if passes_by else []),
        *(["The application's role in PostgreSQL owns tables, and could take their walls down."] if owns else []),
    ]


def open_tables() -> list[str]:
    """The tables of schools' rows that have no wall, by name; there should be none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN)
        return [name for (name,) in cursor.fetchall()]
