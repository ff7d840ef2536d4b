"""What the documents say is true: their links lead somewhere, their example solves, every file is in the index."""

import re
from pathlib import Path

import pytest

from dispatch.model.codec import loads
from dispatch.model.outcome import Budget
from dispatch.model.problem import DayProblem
from dispatch.rules.referee import check
from dispatch.solve import solve

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", PAGES, ids=lambda document: str(document.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """Every link to a file of the project finds it."""
    for target in LINK.findall(document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), (
            f"{document.relative_to(ROOT)} links to {target}, which is not there."
        )


def test_every_page_is_in_the_index() -> None:
    """Whoever opens docs/README.md finds every how-to and reference page."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for folder in ("how-to", "reference"):
        for page in (ROOT / "docs" / folder).glob("*.md"):
            assert f"({folder}/{page.name})" in index, f"Add {folder}/{page.name} to docs/README.md."


def test_the_example_problem_solves() -> None:
    """The problem that docs/reference/model.md shows is whole: it is read, solved, and every booking is served."""
    text = (ROOT / "docs" / "reference" / "model.md").read_text(encoding="utf-8")
    found = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert found
    problem = loads(DayProblem, found[1])
    result = solve(problem, budget=Budget(rounds=5))
    assert check(problem, result.plan) == []
    assert result.plan.served() == {"b1", "b2"}
