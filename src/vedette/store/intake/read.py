"""Reads one export file into a typed table, refused rows apart, nothing lost: read = kept + duplicates + refused."""

from __future__ import annotations

import ipaddress
import json
import uuid
from pathlib import Path
from typing import Any

import duckdb

from vedette.base import Place
from vedette.names import country_code
from vedette.store.engines.duckdb import identifier, literal
from vedette.store.intake.files import Facts, check_names, look_over, normal
from vedette.store.intake.form import Field, FileRefused, Form, Reading, Refusal
from vedette.store.intake.rows import EXTRA, FAULT, LINE, rewrite
from vedette.store.intake.typing import cell_of, first_fault, simple_ip, value
from vedette.store.workspace import write_durably

_SHOWN = 1_000


def read(connection: Any, path: Path, form: Form, *, into: str) -> Reading:
    """Read a CSV, JSON lines or Parquet file (gzip allowed) against a form.

    Makes the tables ``into`` (typed columns of the form, ``extra`` with unknown columns as JSON text, ``ordinal``) and
    ``<into>__refused`` in the DuckDB connection. Raises FileRefused where the file must be refused whole.
    """
    facts = look_over(path, form)
    present, unknown = _raw(connection, facts, form, into)
    notes = _prepare_countries(connection, form, into)
    _prepare_addresses(connection, form, into)
    _typed(connection, form, into)
    _separate(connection, form, into)
    return _reading(connection, facts, into, present, unknown, notes)


def _rows(connection: Any, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = connection.execute(sql, parameters).fetchall()
    return found


# -- from file to cells of text


def _raw(connection: Any, facts: Facts, form: Form, into: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if facts.format == "parquet":
        return _raw_parquet(connection, facts, form, into)
    if facts.format == "csv" and facts.plain:
        found = _raw_regular_csv(connection, facts, form, into)
        if found is not None:
            return found
    return _raw_careful(connection, facts, form, into)


def _raw_regular_csv(
    connection: Any, facts: Facts, form: Form, into: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The fast way: DuckDB reads the file. None where any row is irregular; then the careful way decides."""
    columns = {f"c{number}": name for number, name in enumerate(facts.header)}
    declared = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    compression = "gzip" if facts.gzipped else "none"
    source = (
        f"read_csv({literal(str(facts.path))}, columns = {{{declared}}}, header = true, auto_detect = false, "
        f"delim = {literal(facts.delimiter)}, quote = '\"', escape = '\"', compression = '{compression}', "
        f"strict_mode = true, max_line_size = {16 * 1024 * 1024}, nullstr = '')"
    )
    by_name = {name: identifier(column) for column, name in columns.items()}
    # A cell may hold line breaks: each row begins as many lines later as the rows before it hold.
    breaks = " + ".join(f"(length({column}) - length(replace({column}, chr(10), '')))" for column in by_name.values())
    try:
        _forget(connection, into)
        _rows(connection, f"CREATE TEMP TABLE {identifier(into + '__file')} AS SELECT * FROM {source}")
    except duckdb.Error:
        return None
    held = identifier(into + "__file")
    any_break = " OR ".join(f"contains({column}, chr(10))" for column in by_name.values())
    broken = bool(_rows(connection, f"SELECT count(*) FROM {held} WHERE {any_break}")[0][0])
    shift = f"+ coalesce(sum(coalesce({breaks}, 0)) OVER (ORDER BY rowid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
    line = f"(rowid + 2 {shift if broken else ''})::BIGINT"
    unknown = [name for name in facts.header if name not in {field.name for field in form.fields}]
    extra = _extra({name: by_name[name] for name in unknown})
    _cells(connection, form, into, f"SELECT rowid AS ordinal__, {line} AS {LINE}, * FROM {held}", by_name, extra)
    return tuple(name for name in facts.header if name not in unknown), tuple(unknown)


def _raw_careful(connection: Any, facts: Facts, form: Form, into: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The careful way: Python follows the file row by row and writes a regular one."""
    scratch = _scratch(connection) / f"{uuid.uuid4().hex}.csv"
    try:
        present, unknown = rewrite(facts, form, scratch)
        names = [LINE, *(field.name for field in form.fields), EXTRA, FAULT]
        declared = ", ".join(f"{literal(name)}: '{'BIGINT' if name == LINE else 'VARCHAR'}'" for name in names)
        source = (
            f"read_csv({literal(str(scratch))}, columns = {{{declared}}}, header = true, auto_detect = false, "
            f"delim = ',', quote = '\"', escape = '\"', max_line_size = {64 * 1024 * 1024}, nullstr = '')"
        )
        by_name = {field.name: identifier(field.name) for field in form.fields}
        _forget(connection, into)
        held = identifier(into + "__file")
        _rows(connection, f"CREATE TEMP TABLE {held} AS SELECT * FROM {source}")
        _cells(connection, form, into, f"SELECT rowid AS ordinal__, * FROM {held}", by_name, EXTRA, FAULT)
    finally:
        scratch.unlink(missing_ok=True)
    return present, unknown


def _scratch(connection: Any) -> Path:
    folder = Path(str(_rows(connection, "SELECT current_setting('temp_directory')")[0][0]) or ".")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _raw_parquet(connection: Any, facts: Facts, form: Form, into: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    source = f"read_parquet({literal(str(facts.path))}, hive_partitioning = false)"
    try:
        described = _rows(connection, f"DESCRIBE SELECT * FROM {source}")
        given = {normal(str(row[0])): str(row[0]) for row in described}
        check_names([normal(str(row[0])) for row in described], facts.path, form)
        by_name = {name: f"{identifier(column)}::VARCHAR" for name, column in given.items()}
        unknown = [name for name in given if name not in {field.name for field in form.fields}]
        _forget(connection, into)
        held = identifier(into + "__file")
        _rows(connection, f"CREATE TEMP TABLE {held} AS SELECT * FROM {source}")
        select = f"SELECT rowid AS ordinal__, rowid + 1 AS {LINE}, * FROM {held}"
        _cells(connection, form, into, select, by_name, _extra({name: by_name[name] for name in unknown}))
    except duckdb.Error as fault:
        problem = str(fault).splitlines()[0]
        raise FileRefused(f"cannot be read as Parquet: {problem}", place=Place(str(facts.path))) from None
    return tuple(name for name in given if name not in unknown), tuple(unknown)


def _extra(columns: dict[str, str]) -> str:
    """Unknown columns as one JSON object, blank cells left out; NULL where nothing is left."""
    if not columns:
        return "NULL"
    pairs = ", ".join(f"{literal(name)}, nullif(trim({cell}), '')" for name, cell in columns.items())
    filled = f"coalesce({', '.join(f'''nullif(trim({cell}), '')''' for cell in columns.values())})"
    return f"CASE WHEN {filled} IS NOT NULL THEN json_merge_patch('{{}}', json_object({pairs}))::VARCHAR END"


def _cells(
    connection: Any, form: Form, into: str, select: str, by_name: dict[str, str], extra: str, fault: str = "NULL"
) -> None:
    """The table of trimmed text cells, one column a field, blank as NULL."""
    cells = ", ".join(
        f"{f'''nullif(trim({by_name[field.name]}), '')''' if field.name in by_name else 'NULL'}::VARCHAR AS {identifier(field.name)}"
        for field in form.fields
    )
    sql = (
        f"CREATE OR REPLACE TEMP VIEW {identifier(into + '__raw')} AS SELECT ordinal__::BIGINT AS ordinal, {LINE}, {cells}, "
        f"({extra})::VARCHAR AS extra, ({fault})::VARCHAR AS fault__ FROM ({select})"
    )
    _rows(connection, sql)


# -- from cells to values


def _prepare_countries(connection: Any, form: Form, into: str) -> tuple[str, ...]:
    """One table a country field: the code of each distinct text. Unreadable countries become blank and are told."""
    notes = []
    for field in form.fields:
        if field.kind != "country":
            continue
        given = [row[0] for row in _distinct(connection, field, into)]
        codes = [(text, _country(text)) for text in given]
        table = identifier(f"country__{field.name}")
        _rows(connection, f"CREATE OR REPLACE TEMP TABLE {table} (given__ VARCHAR, code__ VARCHAR)")
        _insert(connection, table, codes)
        lost = [text for text, code in codes if code is None]
        if lost:
            notes.append(f"{field.name}: {len(lost)} unknown country texts left blank, such as {lost[0][:40]!r}")
    return tuple(notes)


def _country(text: str) -> str | None:
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    return country_code(text)


def _prepare_addresses(connection: Any, form: Form, into: str) -> None:
    """The distinct texts of address fields that are no IP address."""
    _rows(connection, "CREATE OR REPLACE TEMP TABLE wrong_ip__ (given__ VARCHAR)")
    for field in form.fields:
        if field.kind == "ip":
            doubtful = [
                row[0] for row in _distinct(connection, field, into, f"NOT {simple_ip(identifier(field.name))}")
            ]
            _insert(connection, "wrong_ip__", [(text,) for text in doubtful if not _is_address(text)])


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _distinct(connection: Any, field: Field, into: str, condition: str = "true") -> list[tuple[Any, ...]]:
    cell, raw = identifier(field.name), identifier(into + "__raw")
    return _rows(connection, f"SELECT DISTINCT {cell} FROM {raw} WHERE {cell} IS NOT NULL AND {condition} ORDER BY 1")


def _insert(connection: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        columns = ", ".join("unnest(?::VARCHAR[])" for _ in rows[0])
        _rows(connection, f"INSERT INTO {table} SELECT {columns}", [list(column) for column in zip(*rows, strict=True)])


def _typed(connection: Any, form: Form, into: str) -> None:
    """Typed values beside the cells they came from, and the first fault of each row."""
    raw = identifier(into + "__raw")
    joins, columns = [], []
    for field in form.fields:
        if field.kind == "country":
            table = identifier(f"country__{field.name}")
            joins.append(f"LEFT JOIN {table} ON {table}.given__ = {identifier(field.name)}")
        columns.append(f"{identifier(field.name)} AS {cell_of(field)}")
        columns.append(f"{value(field)} AS {identifier(field.column)}")
    select = f"SELECT ordinal, {LINE}, extra, fault__, {', '.join(columns)} FROM {raw} {' '.join(joins)}"
    kept = ", ".join(identifier(field.column) for field in form.fields)
    sql = f"SELECT ordinal, {LINE}, extra, {kept}, {first_fault(form)} AS wrong__ FROM ({select})"
    _rows(connection, f"CREATE OR REPLACE TEMP TABLE {identifier(into + '__typed')} AS {sql}")


# -- from values to kept, duplicate and refused


def _separate(connection: Any, form: Form, into: str) -> None:
    """Tell kept rows (view ``into``) from refused ones (``into__refused``); what is in neither is a duplicate."""
    typed, dropped = identifier(into + "__typed"), identifier(into + "__dropped")
    _find_repeats(connection, form, into)
    columns = ", ".join(identifier(field.column) for field in form.fields)
    kept = f"SELECT {columns}, extra, ordinal FROM {typed} WHERE wrong__ IS NULL AND ordinal NOT IN (SELECT ordinal FROM {dropped})"
    _rows(connection, f"CREATE OR REPLACE TEMP VIEW {identifier(into)} AS {kept}")
    refused = (
        f"SELECT ordinal, {LINE}, wrong__ FROM {typed} WHERE wrong__ IS NOT NULL UNION ALL "
        f"SELECT ordinal, {LINE}, wrong__ FROM {dropped} WHERE wrong__ IS NOT NULL"
    )
    raw = ", ".join(f"{literal(field.name)}, {identifier(field.name)}" for field in form.fields)
    _rows(
        connection,
        f"CREATE OR REPLACE TEMP TABLE {identifier(into + '__refused')} AS SELECT f.*, json_object({raw})::VARCHAR AS cells, r.extra "
        f"FROM ({refused}) f JOIN {identifier(into + '__raw')} r USING (ordinal) ORDER BY f.ordinal",
    )


def _find_repeats(connection: Any, form: Form, into: str) -> None:
    """The second and later rows of each key: duplicates, or refused where the form says so and their content differs."""
    typed, content = identifier(into + "__typed"), _content(form)
    keys = ", ".join(identifier(form.column_of(name)) for name in form.key) or content
    repeated = f"SELECT {keys} FROM {typed} WHERE wrong__ IS NULL GROUP BY ALL HAVING count(*) > 1"
    within = f"WINDOW same AS (PARTITION BY {keys} ORDER BY ordinal)"
    clash = "turn__ > 1 AND content__ <> first__" if form.repeats == "refuse" and form.key else "false"
    field = (*form.key, "")[0]
    reason = f"{literal(field + '|repeats the key of line ')} || first_line__ || ' with other content|Keep one of them'"
    ranked = (
        f"SELECT ordinal, {LINE}, {content} AS content__, row_number() OVER same AS turn__, "
        f"first_value({content}) OVER same AS first__, first_value({LINE}) OVER same AS first_line__ "
        f"FROM {typed} WHERE wrong__ IS NULL AND ({keys}) IN ({repeated}) {within}"
    )
    sql = f"SELECT ordinal, {LINE}, CASE WHEN {clash} THEN {reason} END AS wrong__ FROM ({ranked}) WHERE turn__ > 1"
    _rows(connection, f"CREATE OR REPLACE TEMP TABLE {identifier(into + '__dropped')} AS {sql}")


def _forget(connection: Any, into: str) -> None:
    """Drop what an earlier reading into the same table left."""
    _rows(connection, f"DROP VIEW IF EXISTS {identifier(into)}")
    _rows(connection, f"DROP VIEW IF EXISTS {identifier(into + '__raw')}")
    _rows(connection, f"DROP TABLE IF EXISTS {identifier(into + '__file')}")


def _content(form: Form) -> str:
    cells = ", ".join(f"coalesce({identifier(field.column)}::VARCHAR, '')" for field in form.fields)
    return f"concat_ws(chr(31), {cells}, coalesce(extra, ''))"


def _reading(
    connection: Any, facts: Facts, into: str, present: tuple[str, ...], unknown: tuple[str, ...], notes: tuple[str, ...]
) -> Reading:
    total = int(_rows(connection, f"SELECT count(*) FROM {identifier(into + '__raw')}")[0][0])
    kept = int(_rows(connection, f"SELECT count(*) FROM {identifier(into)}")[0][0])
    refused_table = identifier(into + "__refused")
    refused = int(_rows(connection, f"SELECT count(*) FROM {refused_table}")[0][0])
    rows = _rows(connection, f"SELECT {LINE}, wrong__, cells FROM {refused_table} ORDER BY ordinal LIMIT {_SHOWN}")
    # The cells are no longer needed; the typed table and the refused rows stay.
    _rows(connection, f"DROP VIEW {identifier(into + '__raw')}")
    _rows(connection, f"DROP TABLE {identifier(into + '__file')}")
    return Reading(
        into=into,
        file=str(facts.path),
        sha256=facts.sha256,
        read=total,
        kept=kept,
        duplicates=total - kept - refused,
        refused_count=refused,
        refused=tuple(_refusal(facts.path, row) for row in rows),
        unknown_columns=unknown,
        present=present,
        notes=notes,
    )


def _refusal(path: Path, row: tuple[Any, ...]) -> Refusal:
    field, reason, remedy = str(row[1]).split("|", 2)
    return Refusal(str(path), int(row[0]), field, reason, remedy, str(row[2]))


def write_refused(connection: Any, reading: Reading, folder: Path) -> Path | None:
    """Keep every refused row as JSON lines that can be corrected and fed again. Returns the file, or None for none.

    The file is named after the content it came from, so that reading the same file again writes the same one.
    """
    if not reading.refused_count:
        return None
    rows = _rows(connection, f"SELECT cells, extra FROM {identifier(reading.into + '__refused')} ORDER BY ordinal")
    lines = []
    for cells, extra in rows:
        known = {name: item for name, item in json.loads(cells).items() if item is not None}
        lines.append(json.dumps({**json.loads(extra or "{}"), **known}, ensure_ascii=False))
    stem = Path(reading.file).name.split(".")[0]
    target = folder / f"{stem}-{reading.sha256[:12]}.jsonl"
    write_durably(target, ("\n".join(lines) + "\n").encode(), mode=0o600)
    return target
