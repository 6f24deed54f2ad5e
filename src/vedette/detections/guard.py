"""The guard of rule SQL: one SELECT in the small common subset, over declared tables only, or a refusal with the line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from vedette.base import ContentError, Place
from vedette.detections.macros import MacroError, expand
from vedette.detections.model import OPTIONAL_OUTPUT, REQUIRED_OUTPUT, VALUE_PREFIX

_MAX_CHARACTERS = 20_000
_MAX_DEPTH = 120
_ESCAPE = "!"
_PATTERN = re.compile(r"^([^!]|![!%_])*$", re.DOTALL)
_NAME = re.compile(r"^[a-z_][a-z0-9_]*$")

_STRUCTURE = (
    exp.Select, exp.Subquery, exp.With, exp.CTE, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Union,
    exp.Table, exp.TableAlias, exp.Alias, exp.Column, exp.Identifier, exp.Star, exp.Paren, exp.Distinct,
    exp.Window, exp.WindowSpec, exp.Order, exp.Ordered, exp.Filter, exp.Case, exp.If, exp.Array,
)  # fmt: skip
_OPERATORS = (
    exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ,
    exp.Is, exp.In, exp.Between, exp.Exists, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Neg, exp.Literal,
    exp.Null, exp.Boolean, exp.Cast, exp.DataType, exp.DataTypeParam,
)  # fmt: skip
_FUNCTIONS = (
    exp.Count, exp.Sum, exp.Min, exp.Max, exp.Coalesce, exp.Nullif, exp.Abs, exp.Least, exp.Greatest, exp.Floor,
    exp.Lag, exp.Lead, exp.RowNumber, exp.Lower, exp.Like, exp.Escape,
)  # fmt: skip
_ALLOWED: frozenset[type[exp.Expr]] = frozenset((*_STRUCTURE, *_OPERATORS, *_FUNCTIONS))
_WINDOW_FUNCTIONS = (exp.Lag, exp.Lead, exp.RowNumber, exp.Sum, exp.Count, exp.Min, exp.Max)
_SELECT_PARTS = frozenset({"with_", "distinct", "expressions", "from_", "joins", "where", "group", "having"})
_CAST_TYPES = {"BIGINT", "DOUBLE", "TEXT", "VARCHAR", "BOOLEAN", "INT"}


class RefusedSql(ContentError):
    """A rule's SQL is outside the common subset."""


@lru_cache(maxsize=512)
def check(sql: str, reads: tuple[str, ...], file: str) -> exp.Expr:
    """Parse rule SQL, expand its macros and refuse whatever is not allowed. Returns the tree to run.

    Raises RefusedSql naming file and line. The tree that is returned is the tree that was checked.
    """
    tree = _parse(sql, file)
    _check_depth(tree, file)
    try:
        expand(tree)
    except MacroError as fault:
        raise RefusedSql(fault.problem, place=Place(file), remedy="See the macros in detections/README.md") from None
    _check_depth(tree, file)
    _check_nodes(tree, file)
    _check_tables(tree, reads, file)
    _check_output(tree, file)
    return tree


@lru_cache(maxsize=1024)
def _checked_text(sql: str, reads: tuple[str, ...], dialect: str) -> None:
    file = f"the text for {dialect}"
    tree = _parse(sql, file, dialect)
    _check_depth(tree, file)
    for node in tree.walk():
        # Spark's plain CAST is read as TryCast; a TRY_CAST cannot stand here, because none was checked.
        if type(node) not in _ALLOWED and not isinstance(node, exp.TryCast):
            raise _refused(
                f"{_called(node)} is not in the common SQL", node, file, "Report this: a rule passed the guard"
            )
    _check_tables(tree, reads, file)


def check_written(sql: str, reads: Collection[str], dialect: str) -> None:
    """Parse a checked rule's text as another engine will read it, and refuse it unless it still is what was checked.

    Raises RefusedSql. Writing for another dialect must not smuggle in what the common SQL has not.
    """
    _checked_text(sql, tuple(reads), dialect)


def columns(tree: exp.Expr) -> Iterator[exp.Column]:
    """Every column the query names, for the lint."""
    yield from tree.find_all(exp.Column)


def line_of(node: exp.Expr) -> int | None:
    """The line on which a node or the first of its parts stands, where the parser kept it."""
    for part in node.walk():
        line = part.meta.get("line")
        if isinstance(line, int):
            return line
    return None


def _called(node: exp.Expr) -> str:
    return str(node.this) if isinstance(node, exp.Anonymous) else type(node).__name__


def _check_depth(tree: exp.Expr, file: str) -> None:
    """Refuse expressions so deep that writing or planning them might exhaust the stack."""
    layer, depth = [tree], 0
    while layer:
        depth += 1
        if depth > _MAX_DEPTH:
            raise _refused(f"nested deeper than {_MAX_DEPTH} levels", layer[0], file, "Use IN lists and WITH steps")
        layer = [child for node in layer for child in node.iter_expressions()]


def _parse(sql: str, file: str, dialect: str = "duckdb") -> exp.Expr:
    if len(sql) > _MAX_CHARACTERS:
        raise RefusedSql(f"longer than {_MAX_CHARACTERS} characters", place=Place(file), remedy="Split the rule")
    try:
        statements = sqlglot.parse(sql, dialect=dialect)
    except (SqlglotError, RecursionError) as fault:
        errors = getattr(fault, "errors", None) or [{}]
        line = errors[0].get("line")
        raise RefusedSql("cannot be read as SQL", place=Place(file, line), remedy=_first_line(fault)) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise RefusedSql("must be exactly one SELECT", place=Place(file), remedy="Put unions into WITH ... AS (...)")
    return statements[0]


def _first_line(fault: BaseException) -> str:
    return str(fault).splitlines()[0][:200] if str(fault) else "Check parentheses and commas"


def _check_nodes(tree: exp.Expr, file: str) -> None:
    for node in tree.walk():
        if type(node) not in _ALLOWED:
            raise _refused(
                f"{_called(node)} is not in the common SQL", node, file, "Use the functions of detections/README.md"
            )
        for kind, law in _LAWS:
            if isinstance(node, kind):
                law(node, file)


def _law_division(node: exp.Expr, file: str) -> None:
    divisor = node.expression
    if isinstance(divisor, exp.Nullif) and divisor.expression.name == "0":
        return
    if isinstance(divisor, exp.Literal) and not divisor.is_string and float(divisor.name) != 0:
        return
    raise _refused("division needs a number or nullif(..., 0) below the line", node, file, "Write a / nullif(b, 0)")


def _law_window(node: exp.Expr, file: str) -> None:
    function = node.this.this if isinstance(node.this, exp.Filter) else node.this
    if not isinstance(function, _WINDOW_FUNCTIONS):
        raise _refused(f"{type(function).__name__} cannot be a window", node, file, "Use previous, next or is_first")
    order = node.args.get("order")
    if isinstance(function, exp.Lag | exp.Lead | exp.RowNumber) and order is None:
        raise _refused("this window needs an order", node, file, "Order it by time_us and an id")
    if order is not None:
        first = order.expressions[0].this
        if not isinstance(first, exp.Column) or not first.name.endswith("_us"):
            raise _refused("a window is ordered by integer time first", node, file, "Order it by time_us and an id")


def _law_order(node: exp.Expr, file: str) -> None:
    if not isinstance(node.parent, exp.Window):
        raise _refused("ORDER BY outside a window", node, file, "The runner sorts what a rule returns")


def _law_star(node: exp.Expr, file: str) -> None:
    if not isinstance(node.parent, exp.Count):
        raise _refused("SELECT * hides what a rule reads", node, file, "Name the columns")


def _law_join(node: exp.Expr, file: str) -> None:
    side, kind, method = (str(node.args.get(key) or "").upper() for key in ("side", "kind", "method"))
    if side not in ("", "LEFT") or kind not in ("", "INNER", "OUTER", "CROSS") or method or node.args.get("using"):
        raise _refused("only inner, left and cross joins with ON", node, file, "Rewrite the join")
    if kind != "CROSS" and node.args.get("on") is None:
        raise _refused("a join needs ON", node, file, "Say which columns meet, or write CROSS JOIN")


def _law_cast(node: exp.Expr, file: str) -> None:
    kind = node.args["to"]
    if kind.this.name not in _CAST_TYPES or kind.args.get("nested"):
        raise _refused("cast to this type differs between engines", node, file, "Use bigint, double, varchar, boolean")


def _law_like(node: exp.Expr, file: str) -> None:
    escape = node.parent
    sure = isinstance(escape, exp.Escape) and escape.this is node and escape.expression.name == _ESCAPE
    pattern = node.expression
    if not sure or not (isinstance(pattern, exp.Literal) and pattern.is_string and _PATTERN.match(pattern.name)):
        raise _refused("LIKE takes a text with ESCAPE '!'", node, file, "Write a LIKE 'x!_%' ESCAPE '!'")


def _law_escape(node: exp.Expr, file: str) -> None:
    if not isinstance(node.this, exp.Like):
        raise _refused("ESCAPE belongs to LIKE", node, file, "Write a LIKE 'x!_%' ESCAPE '!'")


def _law_in(node: exp.Expr, file: str) -> None:
    if node.args.get("query") is not None and isinstance(node.parent, exp.Not):
        raise _refused("NOT IN (SELECT ...) is never true beside a null", node, file, "Use NOT EXISTS or a left join")
    if node.args.get("unnest") is not None or node.args.get("field") is not None:
        raise _refused("IN takes a list or a SELECT", node, file, "Write the list out")


def _law_union(node: exp.Expr, file: str) -> None:
    if node.args.get("by_name") or node.args.get("side") or node.args.get("kind"):
        raise _refused("union by name differs between engines", node, file, "Give the columns in the same order")


def _law_group(node: exp.Expr, file: str) -> None:
    if any(node.args.get(key) for key in ("all", "cube", "rollup", "grouping_sets", "totals")):
        raise _refused("GROUP BY takes columns", node, file, "Name the columns")


def _law_distinct(node: exp.Expr, file: str) -> None:
    if node.args.get("on") is not None:
        raise _refused("DISTINCT ON depends on order", node, file, "Use min or max")


def _law_select(node: exp.Expr, file: str) -> None:
    for key, value in node.args.items():
        if value and key not in _SELECT_PARTS:
            name = key.rstrip("_").upper()
            raise _refused(f"{name} is not in the common SQL", node, file, "Say it with WHERE and windows")


def _law_with(node: exp.Expr, file: str) -> None:
    if node.args.get("recursive"):
        raise _refused("recursive WITH may never end", node, file, "Write the steps out")


def _law_identifier(node: exp.Expr, file: str) -> None:
    if not _NAME.match(node.name):
        raise _refused(f"the name {node.name!r} is not lower case", node, file, "Use a-z, 0-9 and _")


_LAWS = (
    (exp.Div, _law_division), (exp.IntDiv, _law_division), (exp.Mod, _law_division), (exp.Window, _law_window),
    (exp.Order, _law_order), (exp.Star, _law_star), (exp.Join, _law_join), (exp.Cast, _law_cast), (exp.In, _law_in),
    (exp.Union, _law_union), (exp.Group, _law_group), (exp.Distinct, _law_distinct), (exp.Select, _law_select),
    (exp.With, _law_with), (exp.Identifier, _law_identifier), (exp.Like, _law_like), (exp.Escape, _law_escape),
)  # fmt: skip


def _check_tables(tree: exp.Expr, reads: Collection[str], file: str) -> None:
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    used = set()
    for table in tree.find_all(exp.Table):
        if table.args.get("db") or table.args.get("catalog") or not isinstance(table.this, exp.Identifier):
            raise _refused("a rule reads plain tables of the lake", table, file, "Name a table of reads:")
        extra = set(table.args) - {"this", "alias", "joins"}
        if any(table.args.get(key) for key in extra):
            raise _refused("a table takes only an alias", table, file, "Drop what stands beside it")
        if table.name not in own and table.name not in reads:
            raise _refused(f"the table {table.name!r} is not declared", table, file, "Add it to reads: in rule.yml")
        used.add(table.name)
    clash = own & set(reads)
    if clash:
        raise RefusedSql(f"a WITH name hides the table {sorted(clash)[0]!r}", place=Place(file), remedy="Rename it")
    unused = set(reads) - used
    if unused:
        raise RefusedSql(
            f"reads: names {sorted(unused)[0]!r}, which the SQL never reads", place=Place(file), remedy="Drop it"
        )


def _check_output(tree: exp.Expr, file: str) -> None:
    assert isinstance(tree, exp.Select)
    names = [item.alias_or_name for item in tree.expressions]
    missing = [name for name in REQUIRED_OUTPUT if name not in names]
    if missing:
        raise RefusedSql(f"the SELECT returns no {missing[0]}", place=Place(file), remedy=f"Add ... AS {missing[0]}")
    if len(set(names)) != len(names):
        raise RefusedSql("the SELECT returns a column twice", place=Place(file), remedy="Rename one")
    if ("subject_kind" in names) != ("subject_id" in names):
        raise RefusedSql("subject_kind and subject_id go together", place=Place(file), remedy="Return both or neither")
    for item, name in zip(tree.expressions, names, strict=True):
        if name not in (*REQUIRED_OUTPUT, *OPTIONAL_OUTPUT) and not name.startswith(VALUE_PREFIX):
            raise _refused(
                f"unexpected column {name!r}", item, file, f"Values for the reader are named {VALUE_PREFIX}..."
            )


def _refused(problem: str, node: exp.Expr, file: str, remedy: str) -> RefusedSql:
    return RefusedSql(problem, place=Place(file, line_of(node)), remedy=remedy)
