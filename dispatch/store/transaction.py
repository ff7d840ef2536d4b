"""What one transaction can do, put together from its parts; `WritingLive` comes along with `WritingDays`."""

from dispatch.store.answers import ReadingAnswers, WritingAnswers
from dispatch.store.days import ReadingDays, WritingDays
from dispatch.store.jobs import ReadingJobs, WritingJobs
from dispatch.store.live import ReadingLive
from dispatch.store.problems import ReadingProblems, WritingProblems


class Reading(ReadingDays, ReadingProblems, ReadingJobs, ReadingLive, ReadingAnswers):
    """A transaction that reads: everything it sees belongs to one moment."""


class Writing(WritingDays, WritingProblems, WritingJobs, WritingAnswers, Reading):
    """A transaction that writes: all of it is kept, or nothing; no other one writes at the same time."""
