"""The thresholds of a rule: declared with default and legal range, written into its SQL where ``{name}`` stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from vedette.base import ContentError, Place, Record, VedetteError, unique
from vedette.detections.model import Parameter, Rule

_NAME = re.compile(r"^[a-z][a-z0-9_]{1,40}$")
_HOLE = re.compile(r"\{([a-z0-9_]+)\}")
_SPAN = re.compile(r"^([1-9][0-9]{0,4})([smhd])$")
_MICROS = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}


class ParameterError(VedetteError):
    """A threshold is asked for that the rule does not have, or outside its legal range."""


def read_parameters(record: Record) -> tuple[Parameter, ...]:
    """The thresholds under ``parameters``: a number or a span such as ``24h``, its least and most, and why."""
    place = record.place("parameters")
    found = [_parameter(item) for item in record.take_records("parameters", optional=True)]
    unique(((item.name, place) for item in found), "parameter")
    return tuple(found)


def _parameter(record: Record) -> Parameter:
    place = record.place()
    name = record.take_text("name")
    if not _NAME.match(name):
        raise ContentError(f"{name!r} cannot name a parameter", place=place, remedy="Use a-z, 0-9 and _")
    texts = [record.take_plain(key) for key in ("default", "least", "most")]
    why = record.take_text("why", remedy="Say what the threshold stands for")
    record.finish()
    values = [_number(text, place) for text in texts]
    if len({isinstance(text, str) for text in texts}) > 1:
        raise ContentError(f"{name!r} mixes spans and numbers", place=place, remedy="Write all three alike")
    if not values[1] <= values[0] <= values[2] or values[1] == values[2]:
        raise ContentError(
            f"the default of {name!r} lies outside its range", place=place, remedy="least <= default <= most"
        )
    return Parameter(
        name=name, value=values[0], least=values[1], most=values[2], why=why, span=isinstance(texts[0], str)
    )


def _number(value: object, place: Place) -> int | float:
    """A number as it is; a span as microseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    match = _SPAN.match(value) if isinstance(value, str) else None
    if match is None:
        raise ContentError(f"{value!r} is no threshold", place=place, remedy="Write a number, or a span such as 24h")
    return int(match[1]) * _MICROS[match[2]]


def filled(text: str, parameters: Sequence[Parameter], file: str) -> str:
    """The SQL with each ``{name}`` replaced by its value. Raises ContentError for holes and thresholds without partner."""
    values = {item.name: item.value for item in parameters}
    asked = {match[1] for match in _HOLE.finditer(text)}
    for name in sorted(asked - set(values)):
        line = text[: text.index(f"{{{name}}}")].count("\n") + 1
        raise ContentError(f"no parameter {name!r}", place=Place(file, line), remedy="Declare it in rule.yml")
    for name in sorted(set(values) - asked):
        raise ContentError(f"the SQL never uses {{{name}}}", place=Place(file), remedy="Use it, or drop the parameter")
    return _HOLE.sub(lambda match: str(values[match[1]]), text)


def tuned(rule: Rule, values: Mapping[str, int | float]) -> Rule:
    """The same rule with other thresholds, spans in microseconds. Raises ParameterError outside the legal range."""
    known = {item.name: item for item in rule.parameters}
    for name, value in values.items():
        if name not in known:
            raise ParameterError(
                f"{rule.id} has no threshold {name!r}", place=rule.place, remedy=f"One of: {', '.join(known) or 'none'}"
            )
        least, most = known[name].least, known[name].most
        if not least <= value <= most:
            raise ParameterError(f"{name} = {value} is not legal", place=rule.place, remedy=f"From {least} to {most}")
    chosen = tuple(replace(item, value=values.get(item.name, item.value)) for item in rule.parameters)
    return replace(rule, parameters=chosen, sql=filled(rule.written, chosen, f"{rule.folder}/rule.sql"))
