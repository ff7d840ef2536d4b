"""A program that uses the API: its token, and the small company's days as it writes them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dispatch.model.api import Scope
from dispatch.work.tokens import make_token
from tests.web.house import House
from tests.work.company import DAY

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

WINDOW = {"start": f"{DAY}T14:00:00+08:00", "end": f"{DAY}T16:00:00+08:00"}
WISH: dict[str, Any] = {
    "day": DAY.isoformat(),
    "client_id": "c-lim",
    "address_id": "a-c-lim",
    "treatment_id": "relax",
    "minutes": 60,
    "windows": [WINDOW],
}


@dataclass(slots=True, kw_only=True)
class Program:
    """A program with a token; no cookie is ever sent."""

    house: House
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> "TestResponse":
        """Ask, with headers named by words (`if_match`), and give the answer."""
        sent = {"Authorization": f"Bearer {self.token}", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.house.stranger().open(f"/api/v1{path}", method=method, json=body, headers=sent)

    def book(self, **changes: Any) -> dict[str, Any]:
        """Take a booking and give it as it was answered."""
        answer = self("POST", "/bookings", WISH | changes)
        assert answer.status_code == 201, answer.text
        taken: dict[str, Any] = answer.get_json()
        return taken


def program(house: House, *scopes: Scope) -> Program:
    """Give a program with the scopes, with all where none are named."""
    _, text = make_token(house.office.services, house.office.owner, "Website", scopes or tuple(Scope))
    return Program(house=house, token=text)


def is_problem(answer: "TestResponse", status: int, code: str) -> bool:
    """Tell whether an answer is this problem, told as RFC 9457 says."""
    told = answer.get_json(force=True)
    whole = {"type", "title", "status", "detail", "code", "errors"} <= set(told) and bool(told["detail"])
    kind = answer.mimetype == "application/problem+json"
    return kind and whole and (answer.status_code, told["status"], told["code"]) == (status, status, code)
