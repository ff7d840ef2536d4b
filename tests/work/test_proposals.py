"""A plan on a day that has one is a proposal: taken over whole, in part or not, and judged against the day as it is."""

from dataclasses import replace

import pytest

from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.model.booking import TimeWindow
from dispatch.model.kinds import Cause
from dispatch.model.move import Move
from dispatch.model.options import Freedom, PlanOptions, Scope, Stability
from dispatch.model.outcome import Certificate, Progress
from dispatch.model.plan import DayPointers, Plan, Revision
from dispatch.model.said import said
from dispatch.rules.referee import check
from dispatch.work.bookings import booking_page, cancel_booking, change_booking
from dispatch.work.moving import make_move
from dispatch.work.optimising import budget_of, certified, certified_so_far, narrowed
from dispatch.work.planning import ask_for_plan, claim_job, finish_plan, job_task
from dispatch.work.proposals import accept_proposal, drop_proposal, proposal_page
from tests.work.company import DAY, H, Office
from tests.work.plans import FULL, SOME, keep, keep_and_publish, problem_of, propose, result_of


def pointers(office: Office) -> DayPointers:
    """Give the day's pointers."""
    with office.services.store.reading() as tx:
        return tx.pointers("main", DAY)


def revisions(office: Office) -> tuple[Revision, ...]:
    """Give the day's revisions."""
    with office.services.store.reading() as tx:
        return tx.revisions("main", DAY)


def stale(office: Office) -> tuple[Revision, Revision]:
    """Move the head while a job runs; give the head it moved to and what the job left."""
    first = keep(office, SOME)
    office.clock.on(minutes=1)
    ask_for_plan(office.services, office.dispatcher, DAY)
    job = claim_job(office.services, "worker")
    assert job is not None
    problem, _ = job_task(office.services, job)
    office.clock.on(minutes=1)
    with office.services.store.writing() as tx:
        other = tx.append_revision(
            replace(first, id="drag", number=2, parent_id=first.id, cause=Cause.DRAG, created_at=office.clock())
        )
        tx.move_pointers(replace(tx.pointers("main", DAY), head_id=other.id))
    kept = finish_plan(office.services, job, problem, result_of(problem, FULL))
    assert kept is not None
    assert kept.parent_id == first.id
    return other, kept


def test_a_head_that_moved_leaves_a_proposal(busy: Office) -> None:
    """Where a colleague changed the plan meanwhile, the planner's is proposed beside it, and can be taken over."""
    other, kept = stale(busy)
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (other.id, kept.id)
    with pytest.raises(Conflict):
        accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=other.id, head_id=other.id)
    taken = accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=kept.id, head_id=other.id)
    assert (taken.cause, taken.parent_id, taken.plan.served()) == (Cause.ACCEPT, other.id, kept.plan.served())
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (taken.id, None)


def test_a_proposal_can_be_put_away(busy: Office) -> None:
    """A proposal nobody wants is put away; the head stays and the revision is not lost."""
    other, kept = stale(busy)
    drop_proposal(busy.services, busy.dispatcher, DAY, proposal_id=kept.id)
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (other.id, None)
    assert kept in revisions(busy)
    with pytest.raises(Conflict):
        drop_proposal(busy.services, busy.dispatcher, DAY, proposal_id=kept.id)


def test_a_plan_of_a_day_that_has_one_is_proposed(busy: Office) -> None:
    """The planner moves nobody by itself: its plan stands beside the head, and a newer one takes its place."""
    head = keep(busy, SOME)
    first = propose(busy)
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (head.id, first.id)
    second = propose(busy)
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (head.id, second.id)


def test_the_first_plan_is_no_proposal(busy: Office) -> None:
    """Where nobody is planned yet there is nothing to compare with, and the plan becomes the head."""
    keep(busy, Plan(left_out=SOME.left_out))
    assert propose(busy).id == pointers(busy).head_id
    assert pointers(busy).proposal_id is None


def test_some_changes_are_taken_over(busy: Office) -> None:
    """The head with the chosen changes is the new head, the referee accepts it, and the proposal is decided on."""
    head = keep(busy, SOME)
    proposal = propose(busy)
    page = proposal_page(busy.services, busy.taker, DAY, chosen={"booking:b2"})
    assert {change.id for change in page.changes} == {"booking:b2", "booking:b3"}
    assert (page.choice.before.figures.served, page.choice.after.figures.served) == (2, 3)
    taken = accept_proposal(
        busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head.id, chosen={"booking:b2"}
    )
    assert taken.plan.served() == {"b1", "b2", "b4"}
    assert taken.plan == page.choice.plan
    assert check(problem_of(busy), taken.plan) == []
    assert (pointers(busy).head_id, pointers(busy).proposal_id) == (taken.id, None)
    with pytest.raises(NotFound):
        proposal_page(busy.services, busy.taker, DAY)


def test_nothing_is_taken_over_on_a_plan_that_was_not_shown(busy: Office) -> None:
    """A choice made on an older head, of a change that is gone, or of nothing is refused and changes nothing."""
    head = keep(busy, SOME)
    proposal = propose(busy)
    before = pointers(busy)
    for head_id, chosen in (("older", {"booking:b2"}), (head.id, {"booking:b9"})):
        with pytest.raises(Conflict) as refused:
            accept_proposal(
                busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head_id, chosen=chosen
            )
        assert refused.value.code == "proposal.changed_meanwhile"
    with pytest.raises(BadInput):
        accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head.id, chosen=())
    assert pointers(busy) == before


def test_a_day_that_changed_is_judged_as_it_is_now(busy: Office) -> None:
    """A proposal is fitted to cancellations, says that the day changed, and is refused where it now breaks a rule."""
    head = keep(busy, SOME)
    proposal = propose(busy)
    assert not proposal_page(busy.services, busy.taker, DAY).day_changed
    cancel_booking(busy.services, busy.taker, "b2", 1, "fever")
    page = proposal_page(busy.services, busy.taker, DAY)
    assert (page.day_changed, page.head_moved) == (True, False)
    assert {change.id for change in page.changes} == {"booking:b3"}
    shown = booking_page(busy.services, busy.taker, "b3").booking
    change_booking(busy.services, busy.taker, replace(shown, windows=(TimeWindow(start_s=8 * H, end_s=8 * H),)))
    assert proposal_page(busy.services, busy.taker, DAY).choice.violations
    with pytest.raises(Conflict) as refused:
        accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head.id)
    assert refused.value.code == "plan.accept_breaks_rules"
    assert pointers(busy).head_id == head.id


def test_a_head_that_moved_is_said(busy: Office) -> None:
    """A move by hand leaves the proposal waiting, its page says that the plan has changed, and an old choice is stale."""
    head = keep(busy, SOME)
    proposal = propose(busy)
    assert not proposal_page(busy.services, busy.taker, DAY).head_moved
    move = Move(places=(("b2/0", "t-bee"),))
    moved = make_move(busy.services, busy.dispatcher, DAY, move, head_id=head.id)
    page = proposal_page(busy.services, busy.taker, DAY)
    assert (page.head_moved, page.board.head, page.proposal) == (True, moved, proposal)
    assert "booking:b2" not in {change.id for change in page.changes}
    with pytest.raises(Conflict):
        accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head.id)
    taken = accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=moved.id)
    assert taken.plan.served() == {"b1", "b2", "b3", "b4"}


def test_a_run_asks_for_what_the_day_has(busy: Office) -> None:
    """A selection of nothing, or of somebody unknown, is refused before any job is made."""
    for options in (
        PlanOptions(scope=Scope.THERAPISTS),
        PlanOptions(scope=Scope.BOOKINGS, booking_ids=("b1", "b99")),
    ):
        with pytest.raises(BadInput):
            ask_for_plan(busy.services, busy.dispatcher, DAY, options=options)
    assert claim_job(busy.services, "worker") is None


def test_a_job_keeps_what_it_was_asked_for(busy: Office) -> None:
    """Scope, freedom and stability are kept with the job, and narrow the day that its planner is given."""
    keep_and_publish(busy, SOME)
    options = PlanOptions(scope=Scope.BOOKINGS, freedom=Freedom.ADD, stability=Stability.NONE, booking_ids=("b2",))
    ask_for_plan(busy.services, busy.dispatcher, DAY, options=options)
    job = claim_job(busy.services, "worker")
    assert job is not None
    assert job.options == options
    problem, start = job_task(busy.services, job)
    wanted = narrowed(busy.services, job, problem, start)
    assert {lock.visit_id for lock in wanted.locks} == {"b1/0", "b4/0"}
    assert set(wanted.booking("b3").never_therapists) == {one.id for one in wanted.therapists}
    assert wanted.booking("b2") == problem.booking("b2")
    assert budget_of(job, problem).improve


def test_what_is_proven_is_told_with_the_proposal(busy: Office) -> None:
    """The certificate stands in a dispatcher's words with the proposal, and with the head once all of it is taken."""
    head = keep(busy, SOME)
    ask_for_plan(busy.services, busy.dispatcher, DAY)
    job = claim_job(busy.services, "worker")
    assert job is not None
    problem, start = job_task(busy.services, job)
    result = replace(result_of(problem, FULL), certificate=Certificate(served_at_most=4))
    proposal = finish_plan(busy.services, job, problem, result, start=start)
    assert proposal is not None
    told = (said("proposal.all_that_can", served=4),)
    assert proposal_page(busy.services, busy.taker, DAY).certificate == told
    taken = accept_proposal(busy.services, busy.dispatcher, DAY, proposal_id=proposal.id, head_id=head.id)
    assert taken.summary[1:] == told


@pytest.mark.parametrize(
    ("at_most", "options", "codes"),
    [
        (None, PlanOptions(), []),
        (60, PlanOptions(), []),
        (59, PlanOptions(), ["proposal.at_most"]),
        (59, PlanOptions(freedom=Freedom.ADD), ["proposal.at_most_kept"]),
        (57, PlanOptions(), ["proposal.all_that_can"]),
    ],
)
def test_a_running_job_says_what_is_proven_by_now(
    busy: Office, at_most: int | None, options: PlanOptions, codes: list[str]
) -> None:
    """While the planner runs its bound is told beside the best plan so far, as soon as it says more than the day's size."""
    job = ask_for_plan(busy.services, busy.dispatcher, DAY, options=options)
    assert certified_so_far(job, published=False) == ()
    progress = Progress(percent=9, rounds=3, served=57, left_out=3, points=1, phase="plan.phase_improve")
    for margin_s, more in ((0, []), (900, ["proposal.margin"])):
        certificate = Certificate(served_at_most=at_most, margin_s=margin_s)
        told = certified_so_far(replace(job, progress=replace(progress, certificate=certificate)), published=False)
        assert [one.code for one in told] == ([*codes, *more] if codes else [])


@pytest.mark.parametrize(
    ("certificate", "options", "code"),
    [
        (Certificate(), PlanOptions(), "proposal.unproven"),
        (Certificate(served_at_most=5), PlanOptions(), "proposal.at_most"),
        (Certificate(served_at_most=5), PlanOptions(freedom=Freedom.ADD), "proposal.at_most_kept"),
        (Certificate(served_at_most=4), PlanOptions(stability=Stability.STRONG), "proposal.all_that_can"),
        (Certificate(served_at_most=4, proven_best=True), PlanOptions(), "proposal.best"),
        (
            Certificate(served_at_most=4, proven_best=True),
            PlanOptions(stability=Stability.NONE),
            "proposal.all_that_can",
        ),
    ],
)
def test_no_more_is_said_than_is_proven(
    busy: Office, certificate: Certificate, options: PlanOptions, code: str
) -> None:
    """A bound on what is served holds at any price of change; the best is only the best at the day's own prices."""
    problem = problem_of(busy)
    result = replace(result_of(problem, FULL), certificate=certificate)
    assert certified(problem, None, options, FULL, result)[0].code == code
