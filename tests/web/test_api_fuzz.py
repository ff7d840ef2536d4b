"""The API against whatever a machine can think of: no fault of ours, and no answer that the document does not name.

A counted number of requests is drawn from the document itself, the same in every run: some as it allows, some against it.
Half of them name the small company's own clients, bookings and days, so that they come past the door.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.store.samples import job
from tests.web.api_client import WINDOW, WISH, Program, program
from tests.web.house import open_house
from tests.work.company import DAY, open_office, take_bookings
from tests.work.plans import FULL, keep
from web.api.v1 import OPERATIONS
from web.api.v1.describe import Operation

OF = {operation.name: operation for operation in OPERATIONS}
EXAMPLES = 25
"""Requests of each operation."""


@pytest.fixture(scope="module")
def known(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Any]]:
    """Give a program over an office with a plan, and the document as it is served."""
    path = tmp_path_factory.mktemp("fuzz") / "laluan.sqlite3"
    shutil.copy(founded, path)
    office = open_office(path, first_id=50_000)
    take_bookings(office)
    keep(office, FULL)
    with office.services.store.writing() as tx:
        tx.enqueue(replace(job("job-1"), branch_id="main", day=DAY))
    house = open_house(office, api_per_minute=100_000)
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    yield program(house), schemathesis.openapi.from_wsgi("/api/v1/openapi.json", house.app)
    office.services.store.close()


def at_home(case: Any, turn: int, operation: Operation) -> None:
    """Let a drawn request name things that are there, in every second turn."""
    if turn % 2 or case.meta.generation.mode.is_negative:
        return
    case.path_parameters |= {name: home for name, home in HOME.items() if name in case.path_parameters}
    if isinstance(case.body, dict):
        case.body |= {name: WISH[name] for name in WISH if name in case.body and turn % 3}
        case.body |= {"start": WINDOW["start"]} if "start" in case.body else {}
    if operation.fenced and turn % 4 == 0:
        case.headers["If-Match"] = "*"


HOME = {"booking_id": "b1", "day": DAY.isoformat(), "job_id": "job-1"}


@pytest.mark.parametrize("name", list(OF))
def test_nothing_breaks_and_nothing_is_undocumented(known: tuple[Program, Any], name: str) -> None:
    """Every answer to a drawn request is one of the document's, in its form, and none is a fault of ours."""
    ask, document = known
    operation = document.find_operation_by_id(name)
    turns = iter(range(10_000))

    @hypothesis.given(data=hypothesis.strategies.data())
    @hypothesis.settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def one(data: hypothesis.strategies.DataObject) -> None:
        mode = data.draw(hypothesis.strategies.sampled_from(list(schemathesis.GenerationMode)))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        at_home(case, next(turns), OF[name])
        # The document cannot say which clients there are, or when the company is open: such wishes may be refused.
        case.call_and_validate(
            headers={"Authorization": f"Bearer {ask.token}", "Accept-Encoding": "identity"},
            excluded_checks=[positive_data_acceptance],
        )

    one()
    assert next(turns) >= EXAMPLES


def test_the_requests_drawn_come_past_the_door(known: tuple[Program, Any]) -> None:
    """After all of it the company is as whole as before: its bookings are read, and a new one is taken."""
    ask, _ = known
    assert ask("GET", "/bookings?limit=200").status_code == 200
    assert ask.book()["status"] == "requested"
