"""`laluan read`: a chat from a file or from standard input becomes a draft and questions."""

import json
from pathlib import Path

from tests.cli.conftest import Run

CHAT = "esok 3pm deep tissue 90min kat Mont Kiara boleh? badan sakit belakang"
NOW = ("--now", "2026-11-23T14:05:00+08:00")


def test_a_file_is_read_as_json(run: Run, tmp_path: Path, data_dir: Path) -> None:
    """With --json a program reads the draft, counted from the moment given, and no database is touched."""
    file = tmp_path / "chat.txt"
    file.write_text(CHAT, encoding="utf-8")
    result = run("read", str(file), *NOW, "--json")
    reading = json.loads(result.stdout)
    assert (result.exit_code, reading["language"], reading["intent"], reading["ask"]) == (0, "ms", "book", ["place"])
    assert reading["bookings"][0]["date"]["value"] == "2026-11-24"
    assert not data_dir.exists()


def test_standard_input_is_read_for_a_person(run: Run) -> None:
    """Without a file the chat comes from standard input; each field shows its words, and the questions are the client's."""
    result = run("read", *NOW, typed=CHAT)
    assert result.exit_code == 0
    assert "start: 15:00 (95 %, “3pm”)" in result.stdout
    assert "Ask first: Do you take medicine that thins the blood" in result.stdout
    assert "Di mana tempatnya?" in result.stdout


def test_a_complaint_alone_says_what_suits(run: Run) -> None:
    """Who only names a pain is told what suits it."""
    result = run("read", *NOW, typed="tmr 3pm, bad back pain, 60min, Casa Desa")
    assert "What suits: " in result.stdout
    assert "Back relief" in result.stdout


def test_nothing_to_read_is_said(run: Run) -> None:
    """Emoji alone end with a sentence."""
    result = run("read", *NOW, typed="😀😀")
    assert (result.exit_code, "Nothing of a booking was found" in result.stdout) == (0, True)


def test_a_moment_without_offset_is_local(run: Run) -> None:
    """Half past midnight local time still belongs to the service day before."""
    result = run("read", "--now", "2026-11-24T00:30:00", "--json", typed="tonight 2am")
    assert json.loads(result.stdout)["bookings"][0]["date"]["value"] == "2026-11-23"


def test_without_a_moment_the_clock_is_read(run: Run) -> None:
    """A chat about tomorrow has a date whenever it is read, but for the hours when tomorrow may be today."""
    reading = json.loads(run("read", "--json", typed="tmr 3pm").stdout)
    assert reading["bookings"][0]["start"]["value"] == "15:00"


def test_bad_input_ends_with_its_sentence(run: Run, tmp_path: Path) -> None:
    """A moment that is none, a file that is no text, and a whole history each end with exit code 2 and one sentence."""
    file = tmp_path / "chat.txt"
    file.write_bytes(b"\xff\xfe\x00")
    for words, typed, said in (
        (("--now", "soon"), "tmr", "“soon” is no moment"),
        (("--now", "9999-12-31T23:00:00"), "tmr", "is no moment"),
        ((str(file),), "", "no text in UTF-8"),
        ((), "tmr 3pm " * 2_500, "20000 letters"),
    ):
        result = run("read", *words, typed=typed)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
