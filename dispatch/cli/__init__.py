"""The command `laluan`: thin, and quick to answer `--help`, because everything heavy is imported by what needs it."""

from typing import Any

import click

from dispatch import __version__
from dispatch.cli.company import db, import_, user
from dispatch.cli.planning import check, plan, solve
from dispatch.cli.reading import read
from dispatch.cli.running import demo, serve
from dispatch.cli.tokens import token

BAD_INPUT = 2
INTERRUPTED = 130


class Laluan(click.Group):
    """The command group: an error the core says becomes its sentence and exit code 2, Ctrl-C a sentence and 130."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command asked for."""
        from dispatch.errors import LaluanError

        try:
            return super().invoke(ctx)
        except LaluanError as error:
            from dispatch.cli.saying import sentences

            for text in sentences(error):
                click.echo(text, err=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            from dispatch.words import sentence

            click.echo(sentence("cli.ended"), err=True)
            ctx.exit(INTERRUPTED)


@click.group(
    cls=Laluan,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="HOST, PORT, DATA_DIR and the other settings come from the environment; see docs/reference/settings.md.",
)
@click.version_option(__version__, prog_name="laluan")
def laluan() -> None:
    """Laluan plans the day of an outcall massage company: who goes where and when.

    Start with "laluan demo": it makes a demo company, plans its day and shows it in the browser.
    """


for command in (demo, serve, plan, solve, check, read, import_, user, token, db):
    laluan.add_command(command)


def main() -> None:
    """Run the command line, and end with the exit code that belongs to what happened."""
    laluan()
