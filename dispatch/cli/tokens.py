"""The commands about programs' tokens: make, list, revoke."""

import json

import click

from dispatch.model.api import Scope


@click.group()
def token() -> None:
    """Let other programs use the API."""


@token.command("add")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What the program may do; give it several times for several.",
)
def add_token(name: str, scopes: tuple[str, ...]) -> None:
    """Make a token for a program, called NAME, and write it out. It is shown this once."""
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import visible
    from dispatch.words import sentence
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.tokens import make_token

    with opened() as services:
        actor = command_line(only_branch(services).id)
        made, text = make_token(services, actor, name, [Scope(scope) for scope in scopes])
    click.echo(text)
    click.echo(visible(sentence("cli.token_made", {"id": made.id, "name": made.name})), err=True)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program to read.")
def list_tokens(*, as_json: bool) -> None:
    """List the tokens: the id, the last letters, the name, the scopes, when it was used last, and whether it is revoked."""
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import say, visible
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.tokens import tokens

    with opened() as services:
        rows = tokens(services, command_line(only_branch(services).id))
    if as_json:
        listed = [
            {
                "id": row.token.id,
                "name": row.token.name,
                "ends_with": row.token.ends_with,
                "scopes": [scope.value for scope in row.token.scopes],
                "created_at": row.token.created_at.isoformat(),
                "used_at": row.used_at.isoformat() if row.used_at else None,
                "revoked_at": row.token.revoked_at.isoformat() if row.token.revoked_at else None,
            }
            for row in rows
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for row in rows:
        used = row.used_at.isoformat(timespec="minutes") if row.used_at else "-"
        state = "revoked" if row.token.revoked_at else "active"
        scopes = " ".join(scope.value for scope in row.token.scopes)
        click.echo(visible(f"{row.token.id}  …{row.token.ends_with}  {state}  {used}  {row.token.name}  {scopes}"))
    if not rows:
        say("cli.no_tokens")


@token.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """Let a token, named by its id, open nothing from now on."""
    from dispatch.cli.opening import opened
    from dispatch.cli.saying import say
    from dispatch.work.accounts import command_line
    from dispatch.work.branches import only_branch
    from dispatch.work.tokens import revoke_token

    with opened() as services:
        revoked = revoke_token(services, command_line(only_branch(services).id), token_id)
    say("cli.token_revoked", name=revoked.name)
