"""The habits of the house that no linter knows: what is written down, what never enters the repository.

Each message names the file and says what to do.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent

# Written in two parts, so that this file keeps its own rule.
REGISTRY_HOSTS = tuple(
    f"{name}.{end}"
    for name, end in [
        ("registry.npmjs", "org"),
        ("registry.yarnpkg", "com"),
        ("npm.pkg.github", "com"),
        ("pypi", "org"),
        ("files.pythonhosted", "org"),
        ("proxy.golang", "org"),
        ("static.crates", "io"),
        ("index.crates", "io"),
    ]
)
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.])/(?:work|root|farm|tmp|home/[a-z]+|Users/[a-z]+)/")
LEFT_OVER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
LONGEST_FILE = 400
DOCUMENTED = ("dispatch/model", "dispatch/rules", "dispatch/solve", "dispatch/work")

FLOORS = [
    {"dispatch.cli"},
    {"web"},
    {"dispatch.jobs"},
    {"dispatch.wiring"},
    {"dispatch.work"},
    {"dispatch.store", "dispatch.travel", "dispatch.intake", "dispatch.notify", "dispatch.formats"},
    {"dispatch.explain"},
    {"dispatch.solve"},
    {"dispatch.rules"},
    {"dispatch.model"},
    {"dispatch.words"},
    {"dispatch.settings", "dispatch.errors", "dispatch.shipped"},
]
HOMES = {
    "alembic": {"dispatch.store"},
    "cryptography": {"dispatch.store", "dispatch.notify"},
    "dispatch.settings": {"dispatch.cli", "dispatch.wiring"},
    "flask": {"web"},
    "folium": {"web.maps"},
    "geopy": {"dispatch.intake"},
    "numba": {"dispatch.rules"},
    "openpyxl": {"dispatch.formats"},
    "ortools": {"dispatch.solve"},
    "sqlalchemy": {"dispatch.store"},
}


@cache
def repository_files() -> tuple[str, ...]:
    """Every file that is in the repository or would enter it with `git add`, as a path from the root."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("This is not a git checkout, so nothing says which files belong to it.")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(name for name in set(listed.stdout.split("\0")) if name and (ROOT / name).is_file()))


@cache
def repository_lines() -> tuple[tuple[str, int, str], ...]:
    """Every line of every text file of the repository: path, line number, text."""
    lines: list[tuple[str, int, str]] = []
    for name in repository_files():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines.extend((name, number, line) for number, line in enumerate(text.splitlines(), start=1))
    return tuple(lines)


def python_files(*folders: str) -> Iterator[Path]:
    """The Python files below some folders of the checkout."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts)


def place(path: Path, node: ast.stmt | None = None) -> str:
    """A file, and a line where there is one, as an editor opens it."""
    name = path.relative_to(ROOT).as_posix()
    return f"{name}:{node.lineno}" if node else name


def pyproject() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def report(found: list[str], what_to_do: str) -> None:
    """Fails with all findings at once, each on its own line, under the sentence that says what to do."""
    if found:
        pytest.fail("\n  ".join([what_to_do, *found]), pytrace=False)


# --- what is written down --------------------------------------------------------------------------------------------


def promise_trouble(docstring: str | None) -> str | None:
    """What keeps a test's docstring from being one sentence; None where it is one."""
    if not docstring:
        return "has no docstring"
    sentence = " ".join(docstring.split())
    if "\n\n" in docstring.strip() or re.search(r"[a-z0-9)`\"'][.?!] +[A-Z]", sentence):
        return "has more than one sentence"
    if sentence[-1] not in ".?!":
        return "does not end its sentence"
    if len(sentence.split()) < 3:
        return "is too short to be a promise"
    return None


def test_every_test_says_what_it_promises() -> None:
    """Each test function opens with one sentence that is the promise it checks."""
    found = [
        f"{place(path, node)} {node.name} {trouble}"
        for path in python_files("tests")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if (trouble := promise_trouble(ast.get_docstring(node)))
    ]
    report(found, "Write the promise that the test checks as its docstring, in one sentence:")


@pytest.mark.parametrize(
    ("docstring", "trouble"),
    [
        (None, "has no docstring"),
        ("Two sentences. They are two.", "has more than one sentence"),
        ("No full stop here", "does not end its sentence"),
        ("Short.", "is too short to be a promise"),
        ("A window, e.g. one past midnight, is kept.", None),
    ],
)
def test_promise_trouble_knows_a_sentence(docstring: str | None, trouble: str | None) -> None:
    """The check of docstrings tells one sentence from none, from two and from half of one."""
    assert promise_trouble(docstring) == trouble


def test_public_names_of_the_core_are_documented() -> None:
    """Every public function and class of the model, the rules, the planner and the use cases has a docstring."""
    found = [
        f"{place(path, node)} {node.name}"
        for path in python_files(*DOCUMENTED)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    report(found, "Open each with one sentence that is a promise, then units and errors where they are not obvious:")


def test_files_stay_small() -> None:
    """A Python file of the packages has one subject and no more than 400 lines."""
    found = [
        f"{place(path)} has {lines} lines"
        for path in python_files("dispatch", "web")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    ]
    report(found, f"Split by subject each file of more than {LONGEST_FILE} lines:")


def test_version_is_the_newest_entry_of_the_changelog() -> None:
    """The version of the package is the newest one that CHANGELOG.md tells about."""
    changelog = ROOT / "CHANGELOG.md"
    assert changelog.is_file(), "CHANGELOG.md is missing; write it, the newest version first."
    newest = re.search(r"^##\s+\[?v?(\d[^\s\]]*)", changelog.read_text(encoding="utf-8"), re.MULTILINE)
    assert newest, "CHANGELOG.md names no version; open its newest part with `## 1.2.3 - date`."
    version = pyproject()["project"]["version"]
    assert newest[1] == version, (
        f"pyproject.toml says {version}, CHANGELOG.md's newest entry is {newest[1]}; correct the one that is wrong."
    )


# --- what never enters the repository --------------------------------------------------------------------------------


def test_no_file_names_a_package_registry() -> None:
    """No file says where packages are downloaded from: that is each machine's own setting."""
    found = [
        f"{name}:{number} names {host}"
        for name, number, line in repository_lines()
        for host in REGISTRY_HOSTS
        if host in line
    ]
    report(found, "Take the registry's host out:")


def test_no_file_names_a_path_of_one_machine() -> None:
    """No file depends on where somebody keeps this checkout or her temporary files."""
    found = [f"{name}:{number} {line.strip()[:80]}" for name, number, line in repository_lines() if machine_path(line)]
    report(found, "Name paths from the root of the checkout, and ask for a temporary folder:")


def machine_path(line: str) -> bool:
    """Whether a line names an absolute path of some machine."""
    return bool(MACHINE_PATH.search(line))


def test_no_note_is_left_over() -> None:
    """What is to be done later is an issue, not a note in a file."""
    found = [
        f"{name}:{number} {line.strip()[:80]}" for name, number, line in repository_lines() if LEFT_OVER.search(line)
    ]
    report(found, "Do it now or open an issue, and take the note out:")


def test_no_third_party_browser_file_is_in_the_repository() -> None:
    """Third-party scripts and styles come from the lock at set-up and are never committed."""
    named = [
        name for name in repository_files() if re.search(r"\.min\.(?:js|css)$|(?:^|/)(?:node_modules|vendor)/", name)
    ]
    minified = sorted(
        {name for name, _, line in repository_lines() if name.endswith((".js", ".css", ".html")) and len(line) > 2000}
    )
    report([*named, *minified], "Add the package to package.json and tools/vendor.py, and take the file out:")


# --- the locks -------------------------------------------------------------------------------------------------------


def locked(name: str) -> dict[str, set[str]]:
    """The versions that a lock pins of each package; fails for a line that is not exactly pinned and hashed."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    versions: dict[str, set[str]] = {}
    entries = re.split(r"\n(?=[^\s#])", re.sub(r"^\s*#.*\n?", "", text, flags=re.MULTILINE).strip())
    for entry in entries:
        pin = re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", entry)
        assert pin, f"requirements/{name}: {entry.splitlines()[0]!r} pins no version; run make lock."
        assert "--hash=sha256:" in entry, f"requirements/{name}: {pin[1]} has no hash; run make lock."
        versions.setdefault(canonicalize_name(pin[1]), set()).add(pin[2])
    return versions


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "node.txt", "bench.txt"])
def test_python_locks_pin_hash_and_name_no_host(name: str) -> None:
    """Each line of a Python lock has one exact version and its hashes, and none says where to download from."""
    assert locked(name)
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    found = [line for line in text.splitlines() if re.search(r"://|index-url|find-links|^-i\b", line)]
    report(found, f"requirements/{name} names a host; run make lock:")


@pytest.mark.parametrize(
    ("name", "group"), [("run.txt", None), ("dev.txt", "dev"), ("node.txt", "node"), ("bench.txt", "bench")]
)
def test_python_locks_answer_to_pyproject(name: str, group: str | None) -> None:
    """Whatever pyproject.toml asks for is in the lock, in a version it allows."""
    project = pyproject()
    wanted = list(project["dependency-groups"][group]) if group else []
    if group not in {"node", "bench"}:
        wanted += project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgres"]
    pins = locked(name)
    found = [
        f"{wish}: locked {', '.join(sorted(versions)) or 'not at all'}"
        for wish, need in ((wish, Requirement(wish)) for wish in wanted)
        if not (versions := pins.get(canonicalize_name(need.name), set()))
        or not all(need.specifier.contains(version) for version in versions)
    ]
    report(found, f"pyproject.toml and requirements/{name} have drifted apart; run make lock:")


def test_run_lock_is_part_of_dev_lock() -> None:
    """What the tests ran with is what a deployment gets."""
    development = locked("dev.txt")
    found = [name for name, versions in locked("run.txt").items() if not versions <= development.get(name, set())]
    report(found, "requirements/run.txt pins versions that requirements/dev.txt does not have; run make lock:")


def test_browser_lock_is_exact_and_names_no_host() -> None:
    """The browser's files have exact versions and checksums, and no file says where to download them from."""
    description = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    wanted = description.get("dependencies", {}) | description.get("devDependencies", {})
    found = [
        f"package.json: {name} {version}" for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)
    ]
    for path, entry in lock["packages"].items():
        if "resolved" in entry:
            found.append(f"package-lock.json: {path} says where it is downloaded from")
        if path and "integrity" not in entry:
            found.append(f"package-lock.json: {path} has no checksum")
    report(found, "Give exact versions in package.json, then run make lock:")


# --- the floors ------------------------------------------------------------------------------------------------------


def contracts() -> dict[str, configparser.SectionProxy]:
    """The contracts of setup.cfg by their short name."""
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    strangers = [section for section in config.sections() if section.split(":")[0] != "importlinter"]
    report(strangers, "setup.cfg holds the floors alone; move these sections to pyproject.toml:")
    return {section.rpartition(":")[2]: config[section] for section in config.sections() if ":contract:" in section}


def test_floors_are_the_ones_of_the_design() -> None:
    """The order of the floors is the one everything was built on, and no floor is optional or left out."""
    layers = contracts()["floors"]["layers"].strip().splitlines()
    assert [set(layer.split(" | ")) for layer in layers] == FLOORS, (
        "setup.cfg: the floors have changed; write a decision record in docs/decisions/, then correct FLOORS here."
    )


@pytest.mark.parametrize(("library", "home"), HOMES.items())
def test_each_library_has_one_home(library: str, home: set[str]) -> None:
    """A library is imported from one place only, and a contract of setup.cfg guards it."""
    guards = [
        set(contract["allowed_importers"].split())
        for contract in contracts().values()
        if contract["type"] == "protected" and library in contract["protected_modules"].split()
    ]
    assert guards == [home], f"setup.cfg must protect {library} once, for {', '.join(sorted(home))} alone."


def test_every_package_stands_on_a_floor() -> None:
    """A new package or module of dispatch gets its floor before anything imports it."""
    known = set.union(*FLOORS)
    found = [
        name
        for path in sorted((ROOT / "dispatch").iterdir())
        if path.suffix == ".py" or (path / "__init__.py").is_file()
        if (name := f"dispatch.{path.stem}") not in known | {"dispatch.__init__", "dispatch.__main__", "dispatch._data"}
    ]
    report(found, "Give these a floor in setup.cfg and in FLOORS here:")
