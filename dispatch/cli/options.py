"""Kinds of options that several commands share."""

import math
from typing import Any

import click

from dispatch.words import sentence


class Seconds(click.FloatRange):
    """A number of seconds within a range; NaN lies in no range and outside none, and is refused by itself."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Give the number, or say what is wrong with it."""
        seconds = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(sentence("plan.seconds", {"most": int(self.max or 0)}), param, ctx)
        return seconds
