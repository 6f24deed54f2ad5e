"""Results of rule tests as a JUnit file, which continuous-integration servers show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

#: What XML 1.0 cannot carry.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(results: Mapping[str, Sequence[str]], seconds: Mapping[str, float], *, suite: str) -> bytes:
    """The file. ``results`` maps each rule to what is wrong with it; an empty list is a pass."""
    failed = sum(bool(problems) for problems in results.values())
    total = f"{sum(seconds.values()):.3f}"
    counts = {"tests": f"{len(results)}", "failures": f"{failed}", "errors": "0", "time": total}
    root = ElementTree.Element("testsuites", counts)
    group = ElementTree.SubElement(root, "testsuite", {"name": suite, **counts})
    for rule, problems in results.items():
        family = rule.partition("/")[0]
        attributes = {"classname": f"{suite}.{family}", "name": rule, "time": f"{seconds.get(rule, 0.0):.3f}"}
        case = ElementTree.SubElement(group, "testcase", attributes)
        if problems:
            first = ElementTree.SubElement(case, "failure", {"message": _fit(problems[0]), "type": "example"})
            first.text = _fit("\n".join(problems))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _fit(text: str) -> str:
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)
