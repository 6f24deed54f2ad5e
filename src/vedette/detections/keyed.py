"""By which key a rule can be cut: proven from its SQL, so that a slice of some keys' rows gives those keys' whole answer.

A rule is cut by a key, such as ``account_id`` or ``device_id``, where every step of it keeps rows of different keys apart:
joins meet on the key, groups and windows contain it, and the finding's subject is it. Tables without the key are whole
in a slice. What cannot be proven so is not cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from vedette.detections.execute import tree_of
from vedette.detections.lake import TABLES, column_names
from vedette.detections.model import Rule
from vedette.detections.references import references

#: What an event may be keyed by, the likeliest first.
KINDS = (
    "account_id", "device_id", "ip", "instrument_id", "fingerprint", "wallet", "tenant_id", "principal_id", "user_id",
    "session_id", "target_id", "resource",
)  # fmt: skip
_CURRENT = frozenset(table.name for table in TABLES if table.current)
_Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cut:
    """How a rule is cut: ``kind`` is the column, ``keyed`` the tables cut by it, ``whole`` those read whole.

    Where ``kind`` is empty the rule is not cut, and ``reason`` says why.
    """

    kind: str = ""
    keyed: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    reason: str = ""


class _Mixed(Exception):
    """A step of the query mixes rows of different keys."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A relation's columns, whether its rows belong to keys, and which columns hold the key."""

    columns: frozenset[str]
    keyed: bool = False
    keys: frozenset[str] = frozenset()


_Shapes = Mapping[str, _Shape]


@lru_cache(maxsize=1024)
def cut(rule: Rule) -> Cut:
    """How the rule can be cut, by its declared key first, or why it cannot."""
    tree = tree_of(rule)
    reason = "none of its tables has a key"
    for kind in dict.fromkeys((rule.key, *KINDS)):
        for keyed in _choices(rule, kind):
            try:
                _prove(tree, rule.reads, kind, keyed)
            except _Mixed as fault:
                reason = reason if kind != rule.key and reason else str(fault)
            else:
                return Cut(kind, keyed, tuple(name for name in rule.reads if name not in keyed))
    return Cut(reason=reason)


def _choices(rule: Rule, kind: str) -> Iterator[tuple[str, ...]]:
    """The tables to cut by the key: all that have it, or those of events alone with what is known of accounts whole."""
    names = column_names()
    having = tuple(name for name in rule.reads if kind in names.get(name, ()))
    events = tuple(name for name in having if name not in _CURRENT)
    yield from dict.fromkeys(choice for choice in (having, events) if choice)


def _prove(tree: exp.Expr, reads: tuple[str, ...], kind: str, keyed: tuple[str, ...]) -> None:
    names = column_names()
    known = references()
    shapes: dict[str, _Shape] = {}
    for name in reads:
        if name not in names and name not in known:
            raise _Mixed(f"the table {name} is not known")
        own = names[name] if name in names else [column for column, _ in known[name].columns]
        cut_here = name in keyed
        shapes[name] = _Shape(frozenset(own), cut_here, frozenset({kind}) if cut_here else frozenset())
    _prove_subject(tree, _shape(tree, shapes))


def _prove_subject(tree: exp.Expr, shape: _Shape) -> None:
    """The finding's subject is the key: rows of one finding never come from two keys."""
    assert isinstance(tree, exp.Select)
    outputs = {item.alias_or_name: item.unalias() for item in tree.expressions}
    if "subject_id" not in outputs:
        if "account_id" not in shape.keys:
            raise _Mixed("its findings about one account come from several keys")
        return
    kind = outputs["subject_kind"]
    if "subject_id" not in shape.keys or not (isinstance(kind, exp.Literal) and kind.is_string):
        raise _Mixed("its findings about one subject come from several keys")


def _shape(query: exp.Expr, shapes: _Shapes) -> _Shape:
    held = dict(shapes)
    with_ = query.args.get("with_")
    for step in with_.expressions if with_ is not None else ():
        held[step.alias] = _shape(step.this, held)
    if isinstance(query, exp.Subquery | exp.Paren):
        return _shape(query.this, held)
    if isinstance(query, exp.Union):
        return _union(_ordered(query.left, held), _ordered(query.right, held))
    assert isinstance(query, exp.Select)
    return _Step(query, held, {}, frozenset()).shape()


def _ordered(query: exp.Expr, shapes: _Shapes) -> tuple[list[str], _Shape]:
    """A branch of a union: its column names in order, and its shape."""
    return _names(query), _shape(query, shapes)


def _names(query: exp.Expr) -> list[str]:
    while not isinstance(query, exp.Select):
        query = query.this
    return [item.alias_or_name for item in query.expressions]


def _union(left: tuple[list[str], _Shape], right: tuple[list[str], _Shape]) -> _Shape:
    (names, one), (others, two) = left, right
    if one.keyed != two.keyed:
        raise _Mixed("it puts rows with and without the key together")
    if not one.keyed:
        return _Shape(frozenset(names))
    keys = {name for name, other in zip(names, others, strict=True) if name in one.keys and other in two.keys}
    if not keys:
        raise _Mixed("it puts rows together and drops the key")
    return _Shape(frozenset(names), True, frozenset(keys))


class _Step:
    """One SELECT: its sources, and which of their columns equal the key of the row.

    ``held`` may also be NULL (the far side of a left join): it joins, but keeps nothing apart.
    """

    def __init__(self, query: exp.Select, shapes: _Shapes, outer: _Shapes, outer_keys: frozenset[_Name]) -> None:
        self._query = query
        self._shapes = shapes
        self._sources: dict[str, _Shape] = dict(outer)
        self._inside: set[str] = set()
        self._sure: set[_Name] = set(outer_keys)
        self._held: set[_Name] = set(outer_keys)

    def shape(self) -> _Shape:
        """The shape of what the SELECT gives. Raises _Mixed."""
        self.join()
        keyed = any(self._sources[name].keyed for name in self._inside)
        names = frozenset(item.alias_or_name for item in self._query.expressions)
        self._check_nested()
        if not keyed:
            return _Shape(names)
        self._check_groups()
        self._check_windows()
        keys = {item.alias_or_name for item in self._query.expressions if self._is_key(item.unalias())}
        if not keys:
            raise _Mixed("a step of it drops the key")
        return _Shape(names, True, frozenset(keys))

    def join(self) -> None:
        """Take in the sources in order; every keyed one must meet the earlier ones on the key."""
        where = self._query.args.get("where")
        conditions = list(_conjuncts(where.this)) if where is not None else []
        from_ = self._query.args.get("from_")
        joins = self._query.args.get("joins") or []
        if from_ is not None:
            self._take(from_.this, conditions, left=False)
        for join in joins:
            left = str(join.args.get("side") or "").upper() == "LEFT"
            own = list(_conjuncts(join.args["on"])) if join.args.get("on") is not None else []
            self._take(join.this, own if left else [*own, *conditions], left=left)

    def _take(self, source: exp.Expr, conditions: list[exp.Expr], *, left: bool) -> None:
        name, shape = self._source(source)
        if name in self._sources:
            raise _Mixed(f"the name {name} stands for two sources")
        self._sources[name] = shape
        self._inside.add(name)
        mine = {(name, key) for key in shape.keys}
        equal = list(self._equalities(conditions))
        if shape.keyed and (self._held or left) and not self._meets(mine, equal):
            raise _Mixed(f"{name} does not meet the others on the key")
        if shape.keyed:
            self._held |= mine
            if not left:
                self._sure |= mine
        if not left:
            self._spread(equal)

    def _source(self, source: exp.Expr) -> tuple[str, _Shape]:
        name = source.alias_or_name
        if isinstance(source, exp.Table):
            return name, self._shapes[source.name]
        return name, _shape(source, self._shapes)

    def _meets(self, mine: set[_Name], equal: list[tuple[_Name, _Name]]) -> bool:
        return any(
            (one in mine and two in self._held) or (two in mine and one in self._held)
            for one, two in equal
            if one != two
        )

    def _spread(self, equal: list[tuple[_Name, _Name]]) -> None:
        """Columns that an inner join or WHERE makes equal to the key are the key."""
        for _ in equal:
            for one, two in equal:
                if one in self._sure or two in self._sure:
                    self._sure |= {one, two}
                    self._held |= {one, two}

    def _equalities(self, conditions: list[exp.Expr]) -> Iterator[tuple[_Name, _Name]]:
        for condition in conditions:
            if isinstance(condition, exp.EQ):
                one, two = self._column(condition.left), self._column(condition.right)
                if one is not None and two is not None:
                    yield one, two

    def _column(self, node: exp.Expr) -> _Name | None:
        """Whose column this is; None where it is none, or not known for sure."""
        node = node.unnest()
        if not isinstance(node, exp.Column):
            return None
        if node.table:
            return (node.table, node.name) if node.table in self._sources else None
        having = [name for name, shape in self._sources.items() if node.name in shape.columns]
        return (having[0], node.name) if len(having) == 1 else None

    def _is_key(self, node: exp.Expr) -> bool:
        return self._column(node) in self._sure

    def _check_groups(self) -> None:
        group = self._query.args.get("group")
        if group is not None:
            if not any(self._is_key(item) for item in group.expressions):
                raise _Mixed("it groups rows of different keys")
        elif any(_aggregates(item) for item in (*self._query.expressions, self._query.args.get("having")) if item):
            raise _Mixed("it adds up rows of all keys")

    def _check_windows(self) -> None:
        for window in _own(self._query, exp.Window):
            by = window.args.get("partition_by") or []
            if not any(self._is_key(item) for item in by):
                raise _Mixed("a window of it spans several keys")

    def _check_nested(self) -> None:
        """Queries inside expressions: without the key, or meeting this one's rows on the key."""
        for nested in _nested(self._query):
            inner = _Step(nested, self._shapes, self._sources, frozenset(self._held))
            try:
                keyed = _shape(nested, {**self._shapes}).keyed
            except (_Mixed, KeyError):
                keyed = True
            if not keyed:
                continue
            asker = _asker(nested)
            if isinstance(asker, exp.Exists) and not nested.args.get("with_") and self._held:
                inner.join()
                inner._check_nested()
                if _aggregates(nested) or nested.args.get("group"):
                    raise _Mixed("a question inside it counts rows of several keys")
            elif not (isinstance(asker, exp.In) and self._in_key(asker.this, nested)):
                raise _Mixed("a question inside it does not meet it on the key")

    def _in_key(self, asked: exp.Expr, nested: exp.Select) -> bool:
        return self._column(asked) in self._held and set(_names(nested)) <= _shape(nested, self._shapes).keys


def _asker(nested: exp.Expr) -> exp.Expr | None:
    """The expression that asks the nested query."""
    asker = nested.parent
    while isinstance(asker, exp.Subquery | exp.Paren):
        asker = asker.parent
    return asker


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    node = condition.unnest()
    if isinstance(node, exp.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node


def _own(query: exp.Expr, kind: type[exp.Expr]) -> Iterator[exp.Expr]:
    """The nodes of this kind in the query itself, not in queries inside it."""
    for node in query.walk(prune=lambda item: item is not query and isinstance(item, exp.Query)):
        if isinstance(node, kind):
            yield node


def _aggregates(node: exp.Expr) -> bool:
    """Whether an aggregate stands here outside a window."""
    for found in _own(node, exp.AggFunc):
        over = found.parent.parent if isinstance(found.parent, exp.Filter) else found.parent
        if not isinstance(over, exp.Window):
            return True
    return False


def _nested(query: exp.Select) -> Iterator[exp.Select]:
    """The SELECTs inside this one's expressions; its sources and steps are none of these."""
    sources = [query.args.get("from_"), *(join.this for join in query.args.get("joins") or [])]
    skipped = {id(item.this if isinstance(item, exp.From) else item) for item in sources if item is not None}
    skipped.add(id(query.args.get("with_")))
    stack: list[exp.Expr] = [query]
    while stack:
        for child in stack.pop().iter_expressions():
            if id(child) in skipped:
                continue
            if isinstance(child, exp.Select):
                yield child
            elif isinstance(child, exp.Union):
                raise _Mixed("a question inside it puts rows together")
            else:
                stack.append(child)
