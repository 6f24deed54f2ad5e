"""The graph of an actor as nodes and lines with their places, in the words that the console's drawing understands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def elements(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What ``graph_json`` tells, as elements to draw: accounts, values that several share, and lines with their bits."""
    nodes = [
        {
            "data": {
                "id": node["id"],
                "label": node["label"],
                "kind": "value" if node["sort"] == "value" else "account",
                "outside": "no" if node["in_actor"] else "yes",
            },
            "position": {"x": node["x"], "y": node["y"]},
        }
        for node in graph["nodes"]
    ]
    lines = [
        {
            "data": {
                "source": edge["source"],
                "target": edge["target"],
                "standing": edge["standing"],
                "label": "" if edge["standing"] == "shares" else f"{edge['bits']:.1f}",
            }
        }
        for edge in graph["edges"]
    ]
    return [*nodes, *lines]
