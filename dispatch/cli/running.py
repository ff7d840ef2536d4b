"""The commands that serve the dashboard: the demo company's, or one's own."""

from typing import TYPE_CHECKING

import click

from dispatch.cli.options import Seconds
from dispatch.cli.planning import budget

if TYPE_CHECKING:
    from dispatch.work.demo import DemoCompany
    from dispatch.work.services import Services

DEMO_SECONDS = 6.0
DEMO_PHONE = "aina"


@click.command()
@click.option("--seconds", type=Seconds(0.5, 600), default=DEMO_SECONDS, show_default=True, help="How long to plan.")
@click.option("--rounds", type=click.IntRange(0, 1_000_000), help="Plan for so many rounds instead.")
@click.option("--no-serve", is_flag=True, help="Make and plan the demo, print it, and end.")
def demo(seconds: float, rounds: int | None, *, no_serve: bool) -> None:
    """Make a demo company, plan its day, print the plan and serve the dashboard.

    HOST, PORT and DATA_DIR say where; a second run keeps what is there.
    """
    import threading
    from contextlib import ExitStack

    from dispatch.cli.demo_chats import with_clients
    from dispatch.cli.opening import hasher, opened
    from dispatch.cli.saying import say
    from dispatch.cli.serving import listening, serve_until_stopped
    from dispatch.cli.show import of_board, show_plan
    from dispatch.model.outgoing import Channel
    from dispatch.work.accounts import command_line
    from dispatch.work.days import day_board
    from dispatch.work.demo import create_demo

    wake = threading.Event()
    with ExitStack() as stack:
        # The door is tried first: nobody should wait for a plan to hear that the port is taken.
        door = None if no_serve else stack.enter_context(listening())
        services = stack.enter_context(opened(create=True, wake=wake.set))
        company = create_demo(services, hash_password=hasher(services))
        _plan_days(services, company, seconds, rounds)
        show_plan(of_board(day_board(services, command_line(company.branch_id), company.day)))
        _say_sign_ins(services, company, door.url if door else "")
        if door:
            if Channel.WHATSAPP not in services.channels:
                services, _ = with_clients(stack, services, door.listener)
                say("cli.demo_inbox", link=f"{door.url}/inbox")
            serve_until_stopped(door, services, wake)


def _plan_days(services: "Services", company: "DemoCompany", seconds: float, rounds: int | None) -> None:
    """Plan and publish the demo's day, and plan the next one, unless that has been done."""
    from datetime import timedelta

    from dispatch.cli.progress import solving
    from dispatch.work.accounts import command_line
    from dispatch.work.days import day_board
    from dispatch.work.planning import plan_now, publish

    actor = command_line(company.branch_id)
    for day, share in ((company.day, 1.0), (company.day + timedelta(days=1), 0.25)):
        board = day_board(services, actor, day)
        if board.head is not None or not board.bookings:
            continue
        time_left = None if rounds is not None else seconds * share
        with solving() as on_progress:
            revision = plan_now(services, actor, day, budget=budget(time_left, rounds), on_progress=on_progress)
        publish(services, actor, day, head_id=revision.id)


def _say_sign_ins(services: "Services", company: "DemoCompany", url: str) -> None:
    """Write who may sign in with which password, and a link for one therapist's phone."""
    from dispatch.cli.saying import say
    from dispatch.model.kinds import Role
    from dispatch.words import sentence
    from dispatch.work.phones import make_phone_link
    from dispatch.work.team import get_therapist

    click.echo()
    say("cli.demo_sign_ins")
    for account in company.accounts:
        role = sentence(f"cli.role.{account.role.value}")
        say("cli.demo_sign_in", role=role, email=account.email, password=account.password)
    if url:
        say("cli.demo_day", link=f"{url}/day/{company.day.isoformat()}")
        actor = company.actor(Role.DISPATCHER)
        therapist = get_therapist(services, actor, DEMO_PHONE)
        token = make_phone_link(services, actor, therapist.id)
        say("cli.demo_phone", name=therapist.name, link=f"{url}/p/{token}")


@click.command()
def serve() -> None:
    """Serve the dashboard and plan in the background, until Ctrl-C.

    HOST, PORT and DATA_DIR say where. The database must exist: "laluan user add" makes it with its first owner.
    """
    import threading

    from dispatch.cli.opening import opened
    from dispatch.cli.serving import listening, serve_until_stopped

    wake = threading.Event()
    with listening() as door, opened(wake=wake.set) as services:
        serve_until_stopped(door, services, wake)
