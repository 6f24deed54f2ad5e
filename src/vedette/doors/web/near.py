"""Small reads answered where the request arrives, without a thread of their own, which would cost more than the read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import ParamSpec, cast

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from vedette.doors.web.caller import Caller

_P = ParamSpec("_P")


def near(handler: Callable[_P, Response]) -> Callable[_P, Awaitable[Response]]:
    """A handler of one short read of few rows, with a parameter ``caller``; it must never write.

    With the embedded database such a read waits for nobody, not even for a writer, and takes a fraction of a millisecond.
    A database across a network is asked in a thread, so that no caller waits for another's answer.
    """

    @wraps(handler)
    async def answered(*args: _P.args, **values: _P.kwargs) -> Response:
        caller = cast(Caller, values["caller"])
        if caller.place.store.database.embedded:
            return handler(*args, **values)
        return await run_in_threadpool(partial(handler, *args, **values))

    return answered
