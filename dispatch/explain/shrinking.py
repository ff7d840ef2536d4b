"""Means that do not believe a handful of visits: drawn towards what is known already, and deaf to single odd values.

With `n` values of spread `sigma` around an unknown mean, which itself lies around `prior` with spread `tau`, the best guess is

    mean = (sum of w*y + k*prior) / (sum of w + k)      where k = sigma^2 / tau^2

(the posterior mean of normal values with a normal prior; empirical Bayes where `sigma` and `tau` are taken from all the company's
values together: Efron and Morris 1975, Morris 1983). The weights `w` are Huber's (1964): one up to `HUBER` spreads from the mean, then
falling, so that a client who came to the door an hour late moves the mean by no more than a value a little out of the ordinary; once the
mean has settled, values more than `ODD` spreads away count for nothing. A value
known only to be *at most* `y` (she was early and waited) counts as what it is on the mean below `y`, worked out anew in each round (the
EM algorithm for censored values; Dempster, Laird and Rubin 1977).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, pi, sqrt
from statistics import NormalDist, median

HUBER = 1.345
"""So many spreads from the mean a value still counts in full: 95 % as sharp as the plain mean where nothing is odd."""
ODD = 4.0
"""So many spreads from the mean, once that has settled, a value is another story and counts for nothing."""
ROUNDS = 40
FAR = 3.0
_NORMAL = NormalDist()
_MAD = 1.4826
"""The median of how far normal values lie from their middle, times this, is their spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One thing seen; `at_most` where the true value may be smaller."""

    y: float
    at_most: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean that was drawn towards what was known, with every value as it was counted and its weight."""

    mean: float
    values: tuple[float, ...]
    weights: tuple[float, ...]


def drawn_mean(seen: Sequence[Value], *, prior: float, sigma: float, tau: float) -> Mean:
    """Give the mean of the values drawn towards `prior`; without any value it is the prior."""
    if not seen:
        return Mean(mean=prior, values=(), weights=())
    pull = (sigma / tau) ** 2
    mean = median(one.y for one in seen)
    values: list[float] = []
    weights: list[float] = []
    for number in range(ROUNDS):
        values = [below(one.y, mean, sigma) if one.at_most else one.y for one in seen]
        odd = ODD * sigma if number >= ROUNDS // 2 else inf
        weights = [_weight(abs(value - mean), sigma, odd) for value in values]
        total = sum(weight * value for weight, value in zip(weights, values, strict=True))
        mean = (total + pull * prior) / (sum(weights) + pull)
    return Mean(mean=mean, values=tuple(values), weights=tuple(weights))


def _weight(apart: float, sigma: float, odd: float) -> float:
    return 0.0 if apart > odd else min(1.0, HUBER * sigma / max(apart, 1e-9))


def below(limit: float, mean: float, sigma: float) -> float:
    """Give the mean of a normal value that is known to be at most `limit`."""
    z = (limit - mean) / sigma
    if z < -6:  # so far below the mean that its share is nothing but rounding
        return limit
    return mean - sigma * exp(-z * z / 2) / sqrt(2 * pi) / _NORMAL.cdf(z)


def spread_within(groups: Iterable[Sequence[float]], *, usual: float, least: float, enough: int = 20) -> float:
    """Give the spread of values around the middle of their own group, all groups together; `usual` until there are enough.

    By the median of the distances, so that odd values say nothing; small groups, whose middle lies too near to their
    values, count a little more.
    """
    apart = [
        abs(value - median(group)) * sqrt(len(group) / (len(group) - 1))
        for group in groups
        if len(group) >= 2
        for value in group
    ]
    return max(least, _MAD * median(apart)) if len(apart) >= enough else usual


def spread_between(
    means: Sequence[tuple[float, int]], *, centre: float, sigma: float, usual: float, worth: int
) -> float:
    """Give how far groups' true means lie apart, from their means and counts; `usual` counts as `worth` groups more.

    What their own spread explains (sigma^2 / n) is taken off, as the method of moments does. A group further out than
    `FAR` times the usual counts as being just there: one visit that went wrong is no proof that buildings differ.
    """
    apart = [(min(abs(mean - centre), FAR * usual), count) for mean, count in means]
    beyond = sum(max(0.0, distance * distance - sigma * sigma / count) for distance, count in apart)
    return sqrt((beyond + worth * usual * usual) / (len(means) + worth))
