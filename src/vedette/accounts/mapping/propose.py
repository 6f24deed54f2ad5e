"""Proposes a mapping for a stranger's folder from names and the looks of values; what it cannot know it asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vedette.accounts.exclusion import is_excluded
from vedette.accounts.mapping.model import ASK, ColumnMapping, FileMapping, Mapping, MappingError
from vedette.accounts.mapping.shapes import decimal_of, fit, masked, time_shape
from vedette.accounts.mapping.sources import files_of, rows
from vedette.accounts.mapping.targets import Target, file_says, name_says, targets, words_of
from vedette.names import fold

_SAMPLE = 20_000
_LOOKED_AT = 2_000
_LEAST = 0.45
_CLOSE = 0.08
_FEW_WORDS = 12
#: Times and numbers in a column whose looks contradict it are no candidates at all.
_STRICT = frozenset(("email", "ip", "time", "day", "number", "zone", "agent", "offset", "currency", "flag", "phone"))


@dataclass(frozen=True, slots=True)
class _Column:
    """A stranger's column: its filled values in the sample, in order."""

    path: str
    values: tuple[str, ...]
    rows: int

    @property
    def looked_at(self) -> tuple[str, ...]:
        return self.values[:_LOOKED_AT]

    @property
    def distinct(self) -> float:
        """Share of different values among the filled ones."""
        return len(set(self.values)) / len(self.values) if self.values else 0.0


@dataclass(frozen=True, slots=True)
class _Pick:
    target: Target
    column: _Column
    score: float
    rivals: tuple[str, ...] = ()


def propose(directory: Path) -> Mapping:
    """Look at every data file of a folder. Raises MappingError where there is none."""
    paths = files_of(directory)
    if not paths:
        raise MappingError(f"{directory} holds no CSV, JSON or Parquet file", remedy="Name the folder of your exports")
    return Mapping(tuple(_file(path, path.relative_to(directory).as_posix()) for path in paths))


def _file(path: Path, name: str) -> FileMapping:
    try:
        columns = _columns(islice(rows(path), _SAMPLE))
    except MappingError as fault:
        return FileMapping(file=name, why=str(fault.problem))
    if not columns:
        return FileMapping(file=name, why="holds no rows")
    stem = path.name.split(".")[0]
    table, picks, score = max((_try(table, stem, columns) for table in targets()), key=lambda found: found[2])
    if not score:
        return FileMapping(
            file=name, why="is like no table that Vedette reads", unmapped=tuple(c.path for c in columns)
        )
    return _mapped(name, table, picks, columns, score)


def _columns(sample: Iterable[dict[str, str]]) -> tuple[_Column, ...]:
    found: dict[str, list[str]] = {}
    count = 0
    for row in sample:
        count += 1
        for path, value in row.items():
            held = found.setdefault(path, [])
            if value:
                held.append(value)
    return tuple(_Column(path, tuple(values), count) for path, values in found.items() if path)


def _try(table: str, stem: str, columns: Sequence[_Column]) -> tuple[str, tuple[_Pick, ...], float]:
    """The best filling of a table, and how much speaks for it: 0 where a required column is missing."""
    picks = _assign(targets()[table], columns)
    got = {pick.target.column for pick in picks}
    if any(target.need == "required" and target.column not in got for target in targets()[table]):
        return table, (), 0.0
    return table, picks, 3 * file_says(stem, table) + sum(pick.score for pick in picks)


def _assign(wanted: Sequence[Target], columns: Sequence[_Column]) -> tuple[_Pick, ...]:
    """Each target its best column: required targets first, then the surest pairs; no column serves two."""
    scored = [
        (score, target, column)
        for target in wanted
        for column in columns
        if (score := _score(target, column)) >= _LEAST
    ]
    scored.sort(key=lambda item: (item[1].need != "required", -item[0], item[1].column, item[2].path))
    taken: dict[str, _Pick] = {}
    used: set[str] = set()
    for score, target, column in scored:
        if target.column in taken or column.path in used:
            continue
        close = [other for near, its, other in scored if its is target and score - near < _CLOSE]
        rivals = tuple(other.path for other in close if other.path != column.path and other.path not in used)
        taken[target.column] = _Pick(target, column, score, rivals)
        used.add(column.path)
    return tuple(taken[target.column] for target in wanted if target.column in taken)


def _score(target: Target, column: _Column) -> float:
    """Name and looks together, 0..1."""
    if is_excluded(column.path):
        return 0.0
    named, looks = name_says(target, column.path), _looks(target, column)
    if target.kind in _STRICT and column.values and looks < 0.6:
        return 0.0
    if named < 0.3:
        # Only looks that few columns share may speak for a column whose name says nothing.
        return 0.5 * looks if target.kind in ("email", "ip", "agent", "zone") and looks > 0.95 else 0.0
    score = 0.75 * named + 0.25 * looks
    if target.need == "made" and target.kind == "id" and column.distinct < 1.0:
        return 0.0
    return score


def _looks(target: Target, column: _Column) -> float:
    if target.kind == "choice":
        known = words_of(target)
        words = {fold(value) for value in column.looked_at}
        return sum(word in known for word in words) / len(words) if words else 0.5
    return fit(target.kind, column.looked_at)


# -- from picks to a mapping that a person can read


def _mapped(name: str, table: str, picks: Sequence[_Pick], columns: Sequence[_Column], score: float) -> FileMapping:
    mapped = [_column(pick) for pick in picks]
    mapped += _made(table, picks)
    sources = {pick.column.path for pick in picks}
    unzoned = [pick for pick in picks if pick.target.kind == "time" and _lacks_zone(pick)]
    required = [pick.score for pick in picks if pick.target.need == "required"]
    return FileMapping(
        file=name,
        table=table,
        zone="UTC" if unzoned else "",
        zone_confirmed=not unzoned,
        confidence=round(min(min(required, default=1.0), score / (len(picks) or 1)), 2),
        columns=tuple(mapped),
        unmapped=tuple(column.path for column in columns if column.path not in sources),
    )


def _lacks_zone(pick: _Pick) -> bool:
    shape = time_shape(pick.column.values)
    return shape is not None and not shape.zoned


def _column(pick: _Pick) -> ColumnMapping:
    target, column = pick.target, pick.column
    kind = target.kind if target.kind in ("time", "day", "number", "choice") else "text"
    form, form_questions = _format(target, column)
    decimal, decimal_questions = _decimal(target, column)
    values, value_questions = _values(target, column)
    rivals = [f"or is it {', '.join(pick.rivals)}?"] if pick.rivals else []
    return ColumnMapping(
        target=target.column,
        source=column.path,
        kind=kind,
        format=form,
        decimal=decimal,
        values=values,
        confidence=round(pick.score, 2),
        sample=masked(Counter(map(masked, column.looked_at)).most_common(1)[0][0]) if column.values else "",
        questions=(*rivals, *form_questions, *decimal_questions, *value_questions),
    )


def _format(target: Target, column: _Column) -> tuple[str, list[str]]:
    if target.kind not in ("time", "day"):
        return "", []
    shape = time_shape(column.values)
    if shape is None:
        return "iso", (["no form of time fits these values; say which, as strptime letters"] if column.values else [])
    if shape.format == ASK:
        first, second = shape.choices
        return ASK, [f"which comes first, the day or the month? Write format: '{first}' or format: '{second}'"]
    return shape.format, []


def _decimal(target: Target, column: _Column) -> tuple[str, list[str]]:
    if target.kind != "number":
        return "", []
    found = decimal_of(column.values)
    questions = ["is the sign a decimal one or does it part thousands? Write decimal: '.' or decimal: ','"]
    return found or ".", questions if found == ASK else []


def _values(target: Target, column: _Column) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The words that differ from ours and what they mean; a word that nobody knows is asked about."""
    known = words_of(target)
    if not known:
        return (), []
    words = sorted({value for value in column.values})[: _FEW_WORDS * 4]
    pairs = tuple(
        (word, known[fold(word)]) for word in words if fold(word) in known and word.lower() != known[fold(word)]
    )
    strange = [word for word in words if fold(word) not in known][:_FEW_WORDS]
    ours = ", ".join(sorted(set(known.values())))
    return pairs, ([f"what are {len(strange)} other words? Add them under values as one of: {ours}"] if strange else [])


def _made(table: str, picks: Sequence[_Pick]) -> Iterator[ColumnMapping]:
    """What the row itself can tell where its column is missing: an id from its content, a channel from the user agent."""
    got = {pick.target.column: pick for pick in picks}
    for target in targets()[table]:
        if target.need != "made" or target.column in got:
            continue
        if target.kind == "id":
            yield ColumnMapping(target=target.column, kind="row")
        elif "user_agent" in got:
            source = got["user_agent"].column.path
            yield ColumnMapping(target=target.column, source=source, kind="channel", confidence=0.8)
