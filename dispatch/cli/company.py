"""The commands about the company's data: take tables in, let people sign in, look after the database."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dispatch.work.imports import ImportReport

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--kind",
    type=click.Choice(["bookings", "therapists"]),
    default="bookings",
    show_default=True,
    help="What is in it.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
@click.pass_context
def import_(ctx: click.Context, file: Path, kind: str, *, dry_run: bool, as_json: bool) -> None:
    """Import bookings or therapists from a CSV or XLSX file: all rows, or none where anything is wrong.

    Templates with the columns are on the import page of the dashboard.
    """
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import write_json
    from dispatch.errors import BadInput
    from dispatch.formats.limits import LIMIT_BYTES, check_bytes
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.imports import import_table, read_upload

    try:
        check_bytes(file.name, file.stat().st_size)
        with file.open("rb") as source:
            # One byte more than may be read is enough to see that there is too much.
            data = source.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise BadInput("formats.cannot_read", file=str(file), detail=error.strerror or str(error)) from error
    table = read_upload(file.name, data)
    with opened() as services:
        actor = command_line(only_branch(services).id)
        report = import_table(services, actor, kind, table, dry_run=dry_run)
    if as_json:
        write_json(report)
    else:
        _say_report(report)
    if report.errors or not report.rows:
        ctx.exit(2)


def _say_report(report: "ImportReport") -> None:
    """Write what an import did or found wrong, a line each."""
    from dispatch.cli.saying import said_text, say

    if report.ignored:
        say("import.ignored", columns=", ".join(report.ignored))
    for error in report.errors:
        values: dict[str, str | int] = {"row": error.row, "column": error.column, "what": said_text(error.said)}
        say("import.row_error" if error.column else "import.row_error_plain", **values)
    for note in report.notes:
        say("import.row_error", row=note.row, column=note.column, what=said_text(note.said))
    if report.more_errors:
        say("import.more_errors", count=report.more_errors)
    if report.errors:
        say("import.refused", count=len(report.errors) + report.more_errors)
    elif not report.rows:
        say("import.no_rows")
    else:
        counts: dict[str, str | int] = {
            "added": report.added,
            "rows": report.rows,
            "clients_added": report.clients_added,
        }
        say("import.would_do" if report.dry_run else "import.done", **counts)


@click.group()
def user() -> None:
    """Let people sign in to the dashboard."""


@user.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    type=click.Choice(["owner", "dispatcher", "booking_taker"]),
    default="owner",
    show_default=True,
    help="What she may do.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it.")
def add_user(email: str, name: str, role: str, *, password_stdin: bool) -> None:
    """Add an account. The first one is the owner's; there is no default account.

    Therapists need none: the dashboard makes a link for each therapist's phone.
    """
    from dispatch.cli.opening import hasher, opened
    from dispatch.cli.saying import say
    from dispatch.model.account import Account
    from dispatch.model.kinds import Role
    from dispatch.work.accounts import add_account, command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.starter import start_catalogue
    from web.account.passwords import check

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    # Before the database is made, so that a password refused leaves no database without an owner.
    check(password, password)
    with opened(create=True) as services:
        branch = only_branch(services)
        actor = command_line(branch.id)
        add_account(
            services,
            actor,
            Account(
                id="",
                branch_id=branch.id,
                email=email,
                name=name,
                role=Role(role),
                password_hash=hasher(services)(password),
                unique="",
            ),
        )
        say("cli.user_added", email=email.casefold())
        if start_catalogue(services, actor):
            say("cli.catalogue_started")


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it up to this release."""
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import say

    with opened(create=True):
        say("cli.upgraded")


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write everything into a new file, checked before it appears."""
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import say

    with opened() as services:
        services.store.backup(file)
    say("cli.backed_up", file=str(file))


@db.command()
@click.argument("file", type=FILE)
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, *, yes: bool) -> None:
    """Replace everything in the database by a backup, all of it or nothing. Stop the server first."""
    from dispatch.cli.opening import store_alone
    from dispatch.cli.saying import say
    from dispatch.words import sentence

    if not yes:
        click.confirm(sentence("cli.restore_confirm", {"file": str(file)}), abort=True)
    with store_alone() as store:
        store.restore(file)
        store.upgrade()
    say("cli.restored", file=str(file))
