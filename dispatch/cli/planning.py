"""The commands that plan: a stored day, or a problem from a file; and the referee."""

import os
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatch.cli.options import Seconds

if TYPE_CHECKING:
    from dispatch.model.outcome import Budget
    from dispatch.work.services import Services

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _budget_options(command: click.Command) -> click.Command:
    """Add the options that say how long a solve may take."""
    for option in (
        click.Option(["--seconds"], type=Seconds(0.1, 3600), help="Stop after so many seconds (default 10)."),
        click.Option(
            ["--rounds"], type=click.IntRange(0, 1_000_000), help="Stop after so many rounds; the same each time."
        ),
        click.Option(["--seed"], type=int, default=0, show_default=True, help="Another seed, another way to the plan."),
        click.Option(["--json", "as_json"], is_flag=True, help="Write JSON for a program to read."),
    ):
        command.params.append(option)
    return command


def cores() -> int:
    """Give how many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def budget(seconds: float | None, rounds: int | None, threads: int | None = None) -> "Budget":
    """Give the budget asked for, on all cores unless told; rounds alone are counted: the same plan each time."""
    from dispatch.model.outcome import Budget

    threads = threads or cores()
    if seconds is None and rounds is None:
        return Budget(seconds=10.0, threads=threads)
    return Budget(rounds=rounds, seconds=seconds, threads=threads)


@click.command()
@click.argument("day", metavar="DATE")
def plan(day: str, seconds: float | None, rounds: int | None, seed: int, *, as_json: bool, publish: bool) -> None:
    """Plan a service day of the database and keep the plan.

    DATE is a day such as 2026-11-23, or "today", or "tomorrow".
    """
    from dispatch.cli.opening import opened
    from dispatch.cli.progress import solving
    from dispatch.cli.saying import say, write_json
    from dispatch.cli.show import of_board, show_plan
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.days import day_board
    from dispatch.work.planning import plan_now
    from dispatch.work.planning import publish as publish_plan

    with opened() as services:
        actor = command_line(only_branch(services).id)
        service_day = _day(services, day)
        with solving(quiet=as_json) as on_progress:
            revision = plan_now(
                services, actor, service_day, budget=budget(seconds, rounds), seed=seed, on_progress=on_progress
            )
        if publish:
            publish_plan(services, actor, service_day, head_id=revision.id)
        if as_json:
            write_json(revision)
            return
        show_plan(of_board(day_board(services, actor, service_day)))
        say("cli.published" if publish else "cli.kept", number=revision.number, day=service_day.isoformat())


plan.params.append(click.Option(["--publish"], is_flag=True, help="Let the therapists see the plan at once."))
_budget_options(plan)


def _day(services: "Services", text: str) -> date:
    """Read a day: a date, or a word for one."""
    from dispatch.errors import BadInput
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.days import today_of

    if text in {"today", "tomorrow"}:
        today = today_of(services, command_line(only_branch(services).id))
        return today + timedelta(days=text == "tomorrow")
    try:
        # Python alone would also take 20261123 and 2026-W48-1.
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        raise BadInput("cli.no_date", value=text[:40]) from None
    raise BadInput("cli.no_date", value=text[:40])


@click.command()
@click.argument("problem_file", metavar="FILE", type=FILE)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the result to this file.")
@click.option("--threads", type=click.IntRange(1, 64), help="Work on so many processor cores (default: all).")
def solve(
    problem_file: Path,
    output: Path | None,
    threads: int | None,
    seconds: float | None,
    rounds: int | None,
    seed: int,
    *,
    as_json: bool,
) -> None:
    """Solve a day's problem from a JSON file, without any database.

    A problem in VROOM's JSON is answered in VROOM's JSON.
    """
    from dispatch.cli.progress import solving
    from dispatch.cli.saying import say, write_json
    from dispatch.cli.show import of_plan, show_plan
    from dispatch.formats.files import problem_of, read_json, write_noun
    from dispatch.formats.vroom import is_vroom
    from dispatch.work.solving import solve_problem

    document = read_json(problem_file)
    if is_vroom(document):
        _solve_vroom(document, output, budget(seconds, rounds, threads), seed, as_json=as_json)
        return
    problem = problem_of(document, str(problem_file))
    with solving(quiet=as_json) as on_progress:
        result = solve_problem(problem, budget=budget(seconds, rounds, threads), seed=seed, on_progress=on_progress)
    if output is not None:
        write_noun(result, output)
    if as_json:
        write_json(result)
        return
    show_plan(of_plan(problem, result.plan))
    say(f"cli.stopped.{result.stopped.value}", rounds=result.rounds)
    if output is not None:
        say("cli.written", file=str(output))


def _solve_vroom(document: object, output: Path | None, limit: "Budget", seed: int, *, as_json: bool) -> None:
    """Solve VROOM's problem; the answer goes to the file, or to where programs read."""
    import json

    from dispatch.cli.progress import solving
    from dispatch.cli.saying import say
    from dispatch.formats.files import write_text
    from dispatch.formats.vroom_read import read_vroom
    from dispatch.travel import great_circle
    from dispatch.travel.table import load_table
    from dispatch.work.solving import solve_vroom

    problem = read_vroom(document)
    with solving(quiet=as_json or output is None) as on_progress:
        answer = solve_vroom(
            problem,
            travel=great_circle.engine(load_table()),
            budget=limit,
            seed=seed,
            on_progress=on_progress,
        )
    text = json.dumps(answer, ensure_ascii=False)
    if output is None or as_json:
        click.echo(text)
    if output is None:
        return
    write_text(text + "\n", output)
    if not as_json:
        summary = answer["summary"]
        say("cli.vroom", served=len(problem.jobs) - summary["unassigned"], left_out=summary["unassigned"])
        say("cli.written", file=str(output))


_budget_options(solve)


@click.command()
@click.argument("problem_file", metavar="PROBLEM", type=FILE)
@click.argument("plan_file", metavar="PLAN", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
@click.pass_context
def check(ctx: click.Context, problem_file: Path, plan_file: Path, *, as_json: bool) -> None:
    """Judge a plan against its problem; exit code 1 where it breaks a rule.

    PLAN is a plan, or the result that "laluan solve -o" wrote.
    """
    from dispatch.cli.saying import said_text, say, write_json
    from dispatch.errors import Several
    from dispatch.formats.files import read_plan, read_problem
    from dispatch.rules.referee import check as judge
    from dispatch.rules.sound import problem_errors

    problem, judged = read_problem(problem_file), read_plan(plan_file)
    if errors := problem_errors(problem):
        raise Several(tuple(errors))
    violations = judge(problem, judged)
    if as_json:
        write_json(violations)
    elif violations:
        for violation in violations:
            click.echo(said_text(violation.said))
        say("cli.violations", count=len(violations))
    else:
        say("cli.no_violation")
    if violations:
        ctx.exit(1)
