"""Every door of one small company: its use cases, its pages and its commands, with everything it keeps as one text."""

import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from dispatch.cli import laluan
from dispatch.errors import LaluanError
from dispatch.model.kinds import Role
from dispatch.wiring import now
from tests.web.desk_house import open_desk, text_of
from tests.web.house import House
from tests.work.company import Office, open_office
from web.errors import sentences_of

Answer = tuple[int, str]
"""An exit code or a status, and everything said."""


def soon() -> date:
    """Give a day that the commands, which read the real clock, take for a near one."""
    return now().date() + timedelta(days=7)


def command(*words: str, typed: str | bytes = "", **environment: str) -> Answer:
    """Run a command in this process; a traceback is the test's failure."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(laluan, words, input=typed, env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def table(header: Sequence[str], *rows: Sequence[str]) -> bytes:
    """Give a table as a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def written(path: Path, value: Any) -> str:
    """Write a value as JSON and give the file's name."""
    path.write_text(json.dumps(value), encoding="utf-8")
    return str(path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """One company's use cases, pages and commands, all over the same database file."""

    folder: Path
    house: House

    @property
    def office(self) -> Office:
        """Give the office, for calling use cases."""
        return self.house.office

    def everything(self) -> str:
        """Give all that the database holds, as the statements that would make it again."""
        with closing(sqlite3.connect(self.folder / "laluan.sqlite3")) as database:
            return "\n".join(database.iterdump())

    @contextmanager
    def nothing_kept(self) -> Iterator[None]:
        """Fail where anything in the database is another one after the block than before."""
        before = self.everything()
        yield
        assert self.everything() == before

    def run(self, *words: str, typed: str | bytes = "") -> Answer:
        """Run a command on the company's database."""
        return command(*words, typed=typed, DATA_DIR=str(self.folder))

    def load(self, kind: str, data: bytes, name: str = "table.csv", *more: str) -> Answer:
        """Import a file by the command."""
        path = self.folder / name
        path.write_bytes(data)
        return self.run("import", str(path), "--kind", kind, *more)

    def post(self, url: str, fields: Mapping[str, Any], role: Role = Role.OWNER) -> Answer:
        """Send a form and give what answers it: what the page says is wrong, or else all its text."""
        answer = self.house.signed_in(role).post(url, data=dict(fields))
        page = text_of(answer)
        if "file" in fields:
            # The test client leaves the file open that it keeps a large body in.
            answer.request.environ["wsgi.input"].close()
        problems = re.search(r'<div[^>]*class="problems".*?</div>', page, re.DOTALL)
        return answer.status_code, " ".join(re.sub(r"<[^>]+>", " ", problems[0] if problems else page).split())

    def upload(self, kind: str, data: bytes, name: str = "table.csv") -> Answer:
        """Send a file to the import page to be checked."""
        return self.post("/import/check", {"kind": kind, "file": (io.BytesIO(data), name)})


@contextmanager
def open_doors(founded: Path, folder: Path) -> Iterator[Doors]:
    """Open the doors of a company of one's own, copied from the founded one."""
    shutil.copy(founded, folder / "laluan.sqlite3")
    office = open_office(folder / "laluan.sqlite3", first_id=50_000)
    try:
        yield Doors(folder=folder, house=open_desk(office))
    finally:
        office.services.store.close()


def said(error: LaluanError) -> str:
    """Give what a person reads of an error."""
    return "\n".join(sentences_of(error))


def is_plain(text: str, *named: str) -> None:
    """Check that a text names what it must, and holds nothing that only a programmer could read."""
    for name in named:
        assert name in text, (name, text)
    for sign in ("Traceback", "Error(", "{", "}", "None"):
        assert sign not in text, (sign, text)
