"""Reads JSON from outside: what is nested too deep to be read is bad input like any other, not a fault of ours."""

from typing import Any

from flask import Flask
from flask.json.provider import JSONProvider
from werkzeug.sansio.response import Response


class ShallowJson(JSONProvider):
    """The app's own JSON, except that endless nesting is an error of the text."""

    def __init__(self, app: Flask, inner: JSONProvider) -> None:
        """Stand before what the app reads and writes JSON with."""
        super().__init__(app)
        self._inner = inner

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write JSON as before."""
        return self._inner.dumps(obj, **kwargs)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        """Answer with JSON as before."""
        return self._inner.response(*args, **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a text; `ValueError` for one that is no JSON, or nested beyond reading."""
        try:
            return self._inner.loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deep") from None


def install(app: Flask) -> None:
    """Let every view read JSON this way, and the sign-in that looks into every request."""
    app.json = ShallowJson(app, app.json)
