"""Travel times: one engine a file, each a function from points, a service day and a mode to a matrix."""

from collections.abc import Callable, Sequence
from datetime import date

from dispatch.model.kinds import TravelMode
from dispatch.model.places import Point
from dispatch.model.travel import TravelMatrix

TravelEngine = Callable[[Sequence[Point], date, TravelMode], TravelMatrix]
"""What every engine is: all legs between the points, for one service day and one way to travel."""
