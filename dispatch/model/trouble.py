"""Something that happened in the course of a day, and the plan that shall mend it."""

from dataclasses import dataclass
from enum import StrEnum

from dispatch.model.decisions import Lock
from dispatch.model.plan import Route


class TroubleKind(StrEnum):
    """What can happen: to a booking, to a therapist, or to the roads."""

    CANCEL = "cancel"
    NO_SHOW = "no_show"
    ILL = "ill"
    RUNNING_OVER = "running_over"
    TRAFFIC = "traffic"
    RAIN = "rain"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What happened; times are seconds of the service day, and what a kind does not need stays empty.

    `version` is that of the booking as it was shown. A no-show's therapists are free at `from_s`; an ill therapist works
    no more from `from_s` on; `extra_s` is how much longer a visit takes. A day that runs behind names nothing: reports say it.
    """

    kind: TroubleKind
    booking_id: str = ""
    version: int = 0
    therapist_id: str = ""
    area: str = ""
    from_s: int = 0
    to_s: int = 0
    factor_per_mille: int = 1_000
    extra_s: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A rule that a repair sets aside for a visit, a booking or a therapist, because what happened left no other way."""

    rule: str
    subject_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A plan that was proposed to mend a day, as its page sends it back: routes, starts it fixes, rules it sets aside."""

    routes: tuple[Route, ...]
    locks: tuple[Lock, ...]
    set_aside: tuple[SetAside, ...]
