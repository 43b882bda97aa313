"""Finds the route of a request among those of its path's shape, where Starlette would try one after the other."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

#: Number of parts of a path, and its first part; empty where that is a parameter.
_Shape = tuple[int, str]


class ShapedRoutes(BaseRoute):
    """Many routes as one; none of their parameters takes in a slash."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = tuple(routes)
        self._by_shape: defaultdict[_Shape, list[Route]] = defaultdict(list)
        for route in self.routes:
            parts = route.path.split("/")
            self._by_shape[len(parts), "" if parts[1].startswith("{") else parts[1]].append(route)

    def matches(self, scope: Scope) -> tuple[Match, dict[str, Any]]:
        """The first route that matches, named in the scope for `handle`."""
        parts = scope["path"].split("/") if scope["type"] == "http" else []
        for shape in ((len(parts), parts[1]), (len(parts), "")) if len(parts) > 1 else ():
            for route in self._by_shape.get(shape, ()):
                match, found = route.matches(scope)
                if match is not Match.NONE:
                    return match, {**found, "route": route}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that matched answer."""
        await scope["route"].handle(scope, receive, send)
