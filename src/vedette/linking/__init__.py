"""Which accounts are one hand, with the evidence of each link. Links are evidence for people and sanction nobody.

Grows by kinds of shared things in ``weights.yml`` and by places where they stand in ``observe.py``.
"""

from vedette.linking.actors import actor_of, actors, as_of, events, links, rows
from vedette.linking.explain import Explanation, explain
from vedette.linking.graph import Graph
from vedette.linking.judge import JudgementError, confirm, cut
from vedette.linking.model import Actor, ActorEvent, Judgement, Link, Part, Verdict, Weights
from vedette.linking.picture import Picture, PictureError, graph_json, picture
from vedette.linking.read import weights
from vedette.linking.refresh import Refreshed, due, inputs, refresh

__all__ = ["Actor", "ActorEvent", "Explanation", "Graph", "Judgement", "JudgementError", "Link", "Part", "Picture"]
__all__ += ["PictureError", "Refreshed", "Verdict", "Weights", "actor_of", "actors", "as_of", "confirm", "cut", "due"]
__all__ += ["events", "explain", "graph_json", "inputs", "links", "picture", "refresh", "rows", "weights"]
