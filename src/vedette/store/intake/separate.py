"""Types staged cells and tells kept rows from repeated and refused ones, all inside DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vedette.store.intake.form import Field, Form
from vedette.store.intake.quoting import identifier, literal
from vedette.store.intake.spool import NEWLINE, RETURN
from vedette.store.intake.staging import Staged
from vedette.store.intake.typing import PLAIN_IP, WRONG, Fault, SettledKind, faults, settle, sql_type, value

_BLANKS = literal(" \t\n\r\u00a0\u3000\ufeff")
_DUPLICATE = -1


@dataclass(frozen=True, slots=True)
class Separated:
    """The exact counts, and what a reader should know."""

    kept: int
    duplicates: int
    refused: int
    notes: tuple[str, ...]


def separate(connection: Any, form: Form, staged: Staged, into: str) -> Separated:
    """Make the view ``into`` of kept rows and the table ``<into>__refused`` of the refused ones."""
    work = _Work(connection, form, staged, into)
    work.forget()
    work.type_cells()
    work.settle_texts()
    work.find_repeats()
    work.show_kept()
    work.put_aside()
    return work.counted()


class _Work:
    def __init__(self, connection: Any, form: Form, staged: Staged, into: str) -> None:
        self._connection = connection
        self._form = form
        self._staged = staged
        self._into = into
        self._present = [field for field in form.fields if field.name in staged.names]
        self._faults = [
            fault for place, field in enumerate(self._present) for fault in faults(field, f"x{place}", f"v{place}")
        ]
        self._settled: list[Field] = []

    def _name(self, part: str = "") -> str:
        return identifier(f"{self._into}__{part}" if part else self._into)

    def _run(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(sql, parameters).fetchall()
        return rows

    def _count(self, relation: str) -> int:
        return int(self._run(f"SELECT count(*) FROM {relation}")[0][0])

    def forget(self) -> None:
        """Drop what an earlier reading into the same table left."""
        self._run(f"DROP VIEW IF EXISTS {self._name()}")

    # -- from cells to values

    def type_cells(self) -> None:
        """One column a field, the unknown columns as ``extra``, and the number of the first fault of each row."""
        places = {field.name: place for place, field in enumerate(self._present)}
        cells = [f"{self._staged.cell(field.name)} AS x{place}" for place, field in enumerate(self._present)]
        values = [
            f"{value(field, self._staged.cell(field.name))} AS v{place}" for place, field in enumerate(self._present)
        ]
        columns = [
            f"{f'v{places[field.name]}' if field.name in places else 'NULL'}::{sql_type(field)} AS {identifier(field.column)}"
            for field in self._form.fields
        ]
        branches = [f"WHEN {fault.condition} THEN {code}" for code, fault in enumerate(self._faults)]
        fault = f"CASE {' '.join(branches)} END" if branches else "NULL"
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {self._name('typed')} AS "
            f"SELECT line AS ordinal, {', '.join(columns)}, {self._extra()}::VARCHAR AS extra, {fault}::INTEGER AS fault__ "
            f"FROM (SELECT *, {', '.join([*cells, *values])} FROM {self._cells()})"
        )

    def _cells(self) -> str:
        cells = ", ".join(f"{self._trimmed(f'c{place}')} AS c{place}" for place in range(len(self._staged.names)))
        return f"(SELECT line, {cells} FROM {self._staged.relation})"

    def _trimmed(self, cell: str) -> str:
        if self._staged.broken_lines:
            cell = f"translate({cell}, {literal(NEWLINE + RETURN)}, chr(10) || chr(13))"
        # Trimming is slow; a cell with a visible ASCII character at both ends has nothing to trim.
        ends = " AND ".join(f"ord({end}) BETWEEN 33 AND 126" for end in (cell, f"right({cell}, 1)"))
        return f"CASE WHEN {ends} THEN {cell} ELSE nullif(trim({cell}, {_BLANKS}), '') END"

    def _extra(self) -> str:
        if self._staged.extra_ready:
            return f"c{len(self._staged.names) - 1}"
        return self._object(self._staged.unknown)

    def _object(self, names: tuple[str, ...]) -> str:
        """The cells of these names as one JSON object without blank ones; NULL where all are blank."""
        if not names:
            return "NULL"
        cells = [self._staged.cell(name) for name in names]
        pairs = ", ".join(f"{literal(name)}, {cell}" for name, cell in zip(names, cells, strict=True))
        built = f"json_merge_patch('{{}}', json_object({pairs}))::VARCHAR"
        return f"CASE WHEN coalesce({', '.join(cells)}) IS NOT NULL THEN {built} END"

    def settle_texts(self) -> None:
        """Decide countries and addresses once per distinct text; where required, an undecidable one refuses its row."""
        self._run(f"CREATE OR REPLACE TEMP TABLE {self._name('dropped')} (ordinal BIGINT, code INTEGER, first BIGINT)")
        for field in self._present:
            if field.kind == "country" or field.kind == "ip":
                self._settle(field, field.kind)

    def _settle(self, field: Field, kind: SettledKind) -> None:
        column = identifier(field.column)
        plain = f" AND NOT regexp_full_match({column}, {literal(PLAIN_IP)})" if kind == "ip" else ""
        texts = self._run(
            f"SELECT DISTINCT {column} FROM {self._name('typed')} WHERE fault__ IS NULL AND {column} IS NOT NULL{plain} ORDER BY 1"
        )
        pairs = settle(kind, [row[0] for row in texts])
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {self._settled_name(field)} AS "
            "SELECT unnest(?::VARCHAR[]) AS given, unnest(?::VARCHAR[]) AS settled",
            [[given for given, _ in pairs], [settled for _, settled in pairs]],
        )
        self._settled.append(field)
        if kind == "ip" or field.required:
            reason, remedy = WRONG[kind]
            code = self._coded(field.name, reason, field.remedy or remedy)
            self._run(
                f"INSERT INTO {self._name('dropped')} SELECT t.ordinal, {code}, NULL FROM {self._sound()} t "
                f"JOIN {self._settled_name(field)} m ON t.{column} = m.given WHERE m.settled IS NULL"
            )

    def _settled_name(self, field: Field) -> str:
        return self._name(f"settled_{field.name}")

    def _coded(self, field: str, reason: str, remedy: str) -> int:
        self._faults.append(Fault(field, "", reason, remedy))
        return len(self._faults) - 1

    def _sound(self) -> str:
        """The rows that nothing speaks against so far."""
        return (
            f"(SELECT * FROM {self._name('typed')} WHERE fault__ IS NULL "
            f"AND ordinal NOT IN (SELECT ordinal FROM {self._name('dropped')}))"
        )

    # -- repeated rows

    def find_repeats(self) -> None:
        """The second and later rows of each key: duplicates, or refused where the form says so and their content differs."""
        columns = [identifier(field.column) for field in self._form.fields]
        keys = [identifier(self._form.column_of(name)) for name in self._form.key] or [*columns, "extra"]
        listed = ", ".join(keys)
        repeated = f"(SELECT {listed} FROM {self._sound()} GROUP BY {listed} HAVING count(*) > 1)"
        same = " AND ".join(f"t.{key} IS NOT DISTINCT FROM r.{key}" for key in keys)
        partition = ", ".join(f"t.{key}" for key in keys)
        content = f"row({', '.join(f't.{column}' for column in columns)}, t.extra)"
        verdict = str(_DUPLICATE)
        if self._form.repeats == "refuse" and self._form.key:
            reason = "repeats the key of line {first} with other content"
            code = self._coded(self._form.key[0], reason, "Keep one of them")
            verdict = f"CASE WHEN content IS DISTINCT FROM first_content THEN {code} ELSE {_DUPLICATE} END"
        ranked = (
            f"SELECT t.ordinal, {content} AS content, row_number() OVER same AS turn, "
            f"first_value({content}) OVER same AS first_content, first_value(t.ordinal) OVER same AS first "
            f"FROM {self._sound()} t JOIN {repeated} r ON {same} WINDOW same AS (PARTITION BY {partition} ORDER BY t.ordinal)"
        )
        self._run(
            f"CREATE OR REPLACE TEMP TABLE {self._name('repeats')} AS "
            f"SELECT ordinal, {verdict} AS code, first FROM ({ranked}) WHERE turn > 1"
        )
        self._run(f"INSERT INTO {self._name('dropped')} FROM {self._name('repeats')}")
        self._run(f"DROP TABLE {self._name('repeats')}")

    # -- kept and refused

    def show_kept(self) -> None:
        """The view of kept rows, with settled texts; a country that could not be settled stays readable in ``extra``."""
        aliases = {field.name: f"m{place}" for place, field in enumerate(self._settled)}
        columns = ", ".join(
            f"{self._shown(field, aliases)} AS {identifier(field.column)}" for field in self._form.fields
        )
        joins = " ".join(
            f"LEFT JOIN {self._settled_name(field)} {aliases[field.name]} "
            f"ON t.{identifier(field.column)} = {aliases[field.name]}.given"
            for field in self._settled
        )
        self._run(
            f"CREATE OR REPLACE TEMP VIEW {self._name()} AS SELECT {columns}, {self._unsettled(aliases)} AS extra, t.ordinal "
            f"FROM {self._sound()} t {joins}"
        )

    def _shown(self, field: Field, aliases: Mapping[str, str]) -> str:
        column, alias = f"t.{identifier(field.column)}", aliases.get(field.name)
        return f"CASE WHEN {alias}.given IS NULL THEN {column} ELSE {alias}.settled END" if alias else column

    def _unsettled(self, aliases: Mapping[str, str]) -> str:
        if not aliases:
            return "t.extra"
        lost = " OR ".join(f"({alias}.given IS NOT NULL AND {alias}.settled IS NULL)" for alias in aliases.values())
        pairs = ", ".join(
            f"{literal(name)}, CASE WHEN {alias}.settled IS NULL THEN {alias}.given END"
            for name, alias in aliases.items()
        )
        return (
            f"CASE WHEN {lost} THEN json_merge_patch(coalesce(t.extra, '{{}}'), json_object({pairs}))::VARCHAR "
            "ELSE t.extra END"
        )

    def put_aside(self) -> None:
        """The table of refused rows, in the order of the file: ordinal, line, ``field|reason|remedy``, cells and extra."""
        found = (
            f"SELECT ordinal, fault__ AS code, NULL::BIGINT AS first FROM {self._name('typed')} WHERE fault__ IS NOT NULL "
            f"UNION ALL SELECT ordinal, code, first FROM {self._name('dropped')} WHERE code <> {_DUPLICATE}"
        )
        empty = "(SELECT 0::BIGINT AS line, '' AS reason, '' AS cells, '' AS extra WHERE false)"
        columns = "line AS ordinal, line AS line__, reason AS wrong__, cells, extra"
        source = f"SELECT {columns} FROM {self._staged.faults or empty}"
        if self._count(f"({found})"):
            told = ", ".join(f"({code}, {literal(fault.told)})" for code, fault in enumerate(self._faults))
            reason = "replace(f.told, '{first}', coalesce(p.first, 0)::VARCHAR)"
            known = coalesced(self._object(tuple(field.name for field in self._present)))
            source += (
                f" UNION ALL SELECT c.line, c.line, {reason}, {known}, {self._extra()}::VARCHAR FROM {self._cells()} c "
                f"JOIN ({found}) p ON p.ordinal = c.line JOIN (VALUES {told}) f(code, told) ON f.code = p.code"
            )
        self._run(f"CREATE OR REPLACE TEMP TABLE {self._name('refused')} AS FROM ({source}) ORDER BY ordinal")

    def counted(self) -> Separated:
        """Count each kind of row exactly."""
        return Separated(
            kept=self._count(self._sound()),
            duplicates=self._count(f"{self._name('dropped')} WHERE code = {_DUPLICATE}"),
            refused=self._count(self._name("refused")),
            notes=tuple(note for field in self._settled if (note := self._note(field))),
        )

    def _note(self, field: Field) -> str:
        lost = self._count(
            f"{self._sound()} t JOIN {self._settled_name(field)} m ON t.{identifier(field.column)} = m.given "
            "WHERE m.settled IS NULL"
        )
        reason = WRONG[field.kind][0]
        return f"{field.name}: {lost:,} left blank, because the text {reason}; it is kept in extra" if lost else ""


def coalesced(text: str) -> str:
    """A JSON object, empty rather than NULL."""
    return f"coalesce({text}, '{{}}')"
