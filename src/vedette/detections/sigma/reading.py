"""From pySigma's rules to conditions on our columns; whatever has no exact meaning here is refused with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any

from sigma import conditions as parsed
from sigma import types as sigma
from sigma.correlations import SigmaCorrelationConditionOperator as Operator
from sigma.correlations import SigmaCorrelationRule, SigmaExtendedCorrelationCondition
from sigma.rule import SigmaDetection, SigmaRule

from vedette.detections.sigma.fields import Field, Source, source
from vedette.detections.sigma.model import (
    Correlation,
    Every,
    Joined,
    Kind,
    Not,
    Origin,
    Pattern,
    RefusedSigma,
    Search,
    Some,
    Test,
    Tree,
    Wild,
)

_WILD = {sigma.SpecialChars.WILDCARD_MULTI: Wild.ANY, sigma.SpecialChars.WILDCARD_SINGLE: Wild.ONE}
_REFUSED = {
    "SigmaBase64Modifier": "base64",
    "SigmaBase64OffsetModifier": "base64offset",
    "SigmaWideModifier": "wide",
    "SigmaUTF16Modifier": "utf16",
    "SigmaUTF16BEModifier": "utf16be",
    "SigmaWindowsDashModifier": "windash",
    "SigmaExpandModifier": "expand",
}
_MOST_PATTERNS = 256
_MOST_TEXT = 400


def search(rule: SigmaRule) -> Search:
    """The events that a rule means. Raises RefusedSigma."""
    if rule.errors:
        raise RefusedSigma(f"it cannot be read: {rule.errors[0]}")
    place = source(rule.logsource.product, rule.logsource.service, rule.logsource.category)
    for detection in rule.detection.detections.values():
        _check_modifiers(detection)
    trees = [_tree(condition.parsed, place) for condition in rule.detection.parsed_condition]
    return Search(name=str(rule.name or rule.id or rule.title), product=place.product, tree=_some(trees))


def joined(rule: SigmaCorrelationRule) -> Joined:
    """What a correlation means, its span of time included. Raises RefusedSigma."""
    if rule.errors:
        raise RefusedSigma(f"it cannot be read: {rule.errors[0]}")
    kind = _kind(rule)
    members = [reference.rule for reference in rule.rules or ()]
    if not members or not all(isinstance(member, SigmaRule) for member in members):
        raise RefusedSigma("it correlates correlations", remedy="Correlate plain rules")
    if not rule.group_by:
        raise RefusedSigma("without group-by it counts over all customers", remedy="Add group-by")
    searches = tuple(search(member) for member in members if isinstance(member, SigmaRule))
    names = [[_aliased(rule, field, place) for field in rule.group_by] for place in range(len(searches))]
    value = _value(rule, searches) if kind is Correlation.VALUE_COUNT else ()
    return Joined(
        kind=kind,
        searches=searches,
        keys=tuple(_columns(member, own) for member, own in zip(members, names, strict=True)),
        span_us=_span(rule),
        least=_least(rule, kind, len(searches)),
        value=value,
    )


def origin(rule: SigmaRule | SigmaCorrelationRule) -> Origin:
    """Whose rule it is, as it says itself."""
    return Origin(
        id=str(rule.id or ""),
        title=str(rule.title or ""),
        author=str(rule.author or ""),
        licence=str(rule.license or ""),
        level=rule.level.name.lower() if rule.level is not None else "",
        status=rule.status.name.lower() if rule.status is not None else "",
        date=str(rule.modified or rule.date or ""),
        references=tuple(map(str, rule.references or ())),
        false_positives=tuple(map(str, rule.falsepositives or ())),
        description=str(rule.description or ""),
    )


def _kind(rule: SigmaCorrelationRule) -> Correlation:
    name = rule.type.name.lower()
    if name not in {item.value for item in Correlation}:
        raise RefusedSigma(f"the correlation {name} has no exact counterpart here")
    return Correlation(name)


def _span(rule: SigmaCorrelationRule) -> int:
    if rule.timespan.unit in ("M", "y"):
        raise RefusedSigma(f"the span {rule.timespan.spec} has no fixed length", remedy="Write it in days")
    return int(rule.timespan.seconds) * 1_000_000


def _least(rule: SigmaCorrelationRule, kind: Correlation, searches: int) -> int:
    condition = rule.condition
    if isinstance(condition, SigmaExtendedCorrelationCondition):
        raise RefusedSigma("its condition combines rules with and, or, not", remedy="List the rules instead")
    if not isinstance(condition.count, int) or condition.op not in (Operator.GTE, Operator.GT):
        raise RefusedSigma("it asks for few events or an exact number, which only the end of time can tell")
    least = condition.count + (condition.op is Operator.GT)
    if kind in (Correlation.TEMPORAL, Correlation.TEMPORAL_ORDERED):
        if least not in (1, searches):
            raise RefusedSigma("it asks for some of its rules only", remedy="Drop the condition")
        return searches
    if least < 1:
        raise RefusedSigma("it asks for no event at all")
    return int(least)


def _aliased(rule: SigmaCorrelationRule, field: str, place: int) -> str:
    """The field of one member that a group-by means, through its aliases."""
    found = rule.aliases.aliases.get(field)
    if found is None:
        return field
    reference = (rule.rules or [])[place].reference
    for own, name in found.mapping.items():
        if own.reference == reference:
            return str(name)
    raise RefusedSigma(f"the alias {field!r} names no field of {reference}")


def _columns(rule: Any, names: Iterable[str]) -> tuple[str, ...]:
    place = source(rule.logsource.product, rule.logsource.service, rule.logsource.category)
    return tuple(place.field(name).column for name in names)


def _value(rule: SigmaCorrelationRule, searches: tuple[Search, ...]) -> tuple[str, ...]:
    condition = rule.condition
    named = None if isinstance(condition, SigmaExtendedCorrelationCondition) else condition.fieldref
    if not isinstance(named, str):
        raise RefusedSigma("it must count the values of one field", remedy="Write condition: {field: name, gte: 3}")
    members = [reference.rule for reference in rule.rules or ()]
    return tuple(_columns(member, [_aliased(rule, named, at)])[0] for at, member in enumerate(members))


def _check_modifiers(detection: SigmaDetection) -> None:
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            _check_modifiers(item)
            continue
        for modifier in item.modifiers:
            if modifier.__name__ in _REFUSED:
                name = _REFUSED[modifier.__name__]
                raise RefusedSigma(f"the modifier {name} looks inside encodings that the lake does not keep")


def _tree(node: Any, place: Source) -> Tree:
    if isinstance(node, parsed.ConditionNOT):
        return Not(_tree(node.args[0], place))
    if isinstance(node, parsed.ConditionAND):
        return Every(tuple(_tree(item, place) for item in node.args))
    if isinstance(node, parsed.ConditionOR):
        return _some([_tree(item, place) for item in node.args])
    if isinstance(node, parsed.ConditionFieldEqualsValueExpression):
        return _test(place.field(str(node.field)), str(node.field), node.value, place)
    if isinstance(node, parsed.ConditionValueExpression):
        raise RefusedSigma("keywords search whole records, of which the lake keeps columns", remedy="Name the field")
    raise RefusedSigma("its condition cannot be followed")


def _some(trees: list[Tree]) -> Tree:
    return trees[0] if len(trees) == 1 else Some(tuple(trees))


def _test(field: Field, name: str, value: Any, place: Source) -> Tree:
    if isinstance(value, sigma.SigmaCasedString):
        return _text(field, name, value, cased=True)
    if isinstance(value, sigma.SigmaString):
        return _text(field, name, value, cased=False)
    if isinstance(value, sigma.SigmaNumber) and not isinstance(value, sigma.SigmaTimestampPart):
        return Test(field.column, Kind.TEXT, _plain(str(value.number), name))
    if isinstance(value, sigma.SigmaNull):
        return _absent(field)
    if isinstance(value, sigma.SigmaExists):
        return Not(_absent(field)) if value.exists else _absent(field)
    if isinstance(value, sigma.SigmaCIDRExpression):
        return _network(field, name, value)
    if isinstance(value, sigma.SigmaFieldReference):
        return _same(field, name, value, place)
    kind = type(value).__name__.removeprefix("Sigma").lower()
    raise RefusedSigma(
        f"the field {name!r} is asked by {kind}, which engines read differently or columns of text cannot answer"
    )


def _absent(field: Field) -> Tree:
    if field.address:
        return Every((Test(field.column, Kind.ABSENT), Test("source_name", Kind.ABSENT)))
    return Test(field.column, Kind.ABSENT)


def _same(field: Field, name: str, value: sigma.SigmaFieldReference, place: Source) -> Tree:
    other = place.field(value.field)
    if value.starts_with or value.ends_with or field.lacks != other.lacks or field.address or other.address:
        raise RefusedSigma(f"the field {name!r} is compared with a part of another")
    return Test(field.column, Kind.SAME, other=other.column)


def _network(field: Field, name: str, value: sigma.SigmaCIDRExpression) -> Tree:
    if field.column != "ip":
        raise RefusedSigma(f"the field {name!r} is no address")
    network = value.network
    if not isinstance(network, IPv4Network):
        raise RefusedSigma(
            "ranges of IPv6 are not told by the text of an address", remedy="Use IPv4, or a rule of our own"
        )
    step = min(32, -(-network.prefixlen // 8) * 8)
    parts = [str(part.network_address).split(".")[: step // 8] for part in network.subnets(new_prefix=step)]
    if step == 0:
        parts = [[]]
    if len(parts) > _MOST_PATTERNS:
        raise RefusedSigma("the range falls into too many parts")
    patterns: list[Pattern] = [
        (".".join(part),) if step == 32 else ("".join(f"{one}." for one in part), Wild.ANY) for part in parts
    ]
    # Our column holds addresses as plain text; a colon stands in those of IPv6 alone.
    return _some(
        [Test(field.column, Kind.TEXT, pattern) for pattern in patterns if pattern != ("", Wild.ANY)] or [_any_ipv4()]
    )


def _any_ipv4() -> Tree:
    return Every((Test("ip", Kind.PRESENT), Not(Test("ip", Kind.TEXT, (Wild.ANY, ":", Wild.ANY)))))


def _text(field: Field, name: str, value: sigma.SigmaString, *, cased: bool) -> Tree:
    pattern = tuple(part if isinstance(part, str) else _wild(part, name) for part in value.s)
    _check(pattern, name)
    if field.lacks:
        pattern = _without(pattern, field.lacks, name)
    column = field.column
    if field.address and not _like_address(pattern):
        column = "source_name"
    return Test(column, Kind.TEXT, pattern, cased=cased)


def _plain(text: str, name: str) -> Pattern:
    _check((text,), name)
    return (text,)


def _wild(part: object, name: str) -> Wild:
    if isinstance(part, sigma.SpecialChars):
        return _WILD[part]
    raise RefusedSigma(f"the field {name!r} has a placeholder")


def _check(pattern: Pattern, name: str) -> None:
    texts = [part for part in pattern if isinstance(part, str)]
    if not pattern or not any(texts) and Wild.ANY not in pattern and Wild.ONE not in pattern:
        raise RefusedSigma(
            f"the field {name!r} is compared with an empty text, which the lake does not tell from an absent one"
        )
    joined_text = "".join(texts)
    if not joined_text.isascii() or not joined_text.isprintable() and joined_text:
        raise RefusedSigma(f"the field {name!r} has letters that engines fold differently", remedy="Use ASCII")
    if "@" in joined_text:
        raise RefusedSigma(f"the field {name!r} is compared with a mail address, which the lake keeps as a token only")
    if "{" in joined_text or "}" in joined_text or len(joined_text) > _MOST_TEXT:
        raise RefusedSigma(f"the field {name!r} has braces, or a text that is too long")


def _without(pattern: Pattern, ending: str, name: str) -> Pattern:
    """The pattern for values that lack the ending which the field's own values have."""
    last = pattern[-1]
    if isinstance(last, str) and last.lower().endswith(ending) and len(last) > len(ending):
        return (*pattern[:-1], last[: -len(ending)])
    begins = len(pattern) == 2 and last is Wild.ANY and isinstance(pattern[0], str) and ending[:1] not in pattern[0]
    if begins or pattern == (Wild.ANY,):
        return pattern
    raise RefusedSigma(f"the field {name!r} is kept without {ending!r}, and the value does not end so")


def _like_address(pattern: Pattern) -> bool:
    texts = "".join(part for part in pattern if isinstance(part, str))
    return bool(texts) and set(texts.lower()) <= set("0123456789abcdef:.") and (texts[0].isdigit() or ":" in texts)
