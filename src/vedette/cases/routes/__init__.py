"""HTTP: the queue, a case with its evidence, and what people do with it. Who decides names the version that was shown."""

from vedette import cases
from vedette.cases.routes import bulk, decide, desk, queue
from vedette.cases.versions import of_house
from vedette.doors import web

__all__ = ["routers", "warm"]

routers = (queue.router, decide.router, desk.router, bulk.router)


def warm(place: web.Workplace) -> None:
    """Read at start what the first decision would wait for: reasons, the opening rule, policies in force."""
    cases.reasons()
    cases.opening_rule()
    of_house(place.store, home=place.home, on=place.clock.now().date())
