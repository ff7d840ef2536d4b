"""Copies the browser's third-party files from node_modules to where the pages and tests load them.

    python tools/vendor.py

Fills `web/static/vendor/<name>-<version>/` (shipped in the wheel) and writes `web/static/vendor/manifest.json`,
which maps each logical name (`leaflet.js`) to its path below `web/static`; the version in the path lets a
browser keep a file for ever. `axe.min.js` goes to `tests/browser/vendor/` itself and is never shipped.
Both folders are git-ignored. Standard library only, so that it runs before anything is installed.

What must be on disk already: `npm ci --ignore-scripts` (`make setup` does both).
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class VendorError(Exception):
    """A sentence for the person who runs this: what is missing and what to do."""


@dataclass(frozen=True, kw_only=True)
class Package:
    """One npm package: the folder name it gets here, and its files, each with where it goes.

    `files` maps a path (or a folder) inside the package to a name in the target folder.
    `logical` maps the name pages ask for to a name in the target folder.
    """

    npm: str
    name: str
    files: dict[str, str]
    logical: dict[str, str]


SHIPPED = (
    Package(
        npm="leaflet",
        name="leaflet",
        files={
            "dist/leaflet.js": "leaflet.js",
            "dist/leaflet.css": "leaflet.css",
            "dist/images": "images",
            "LICENSE": "LICENSE",
        },
        logical={"leaflet.js": "leaflet.js", "leaflet.css": "leaflet.css"},
    ),
    Package(
        npm="htmx.org",
        name="htmx",
        files={"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
        logical={"htmx.js": "htmx.min.js"},
    ),
)

TESTS_ONLY = (
    Package(
        npm="axe-core",
        name="axe-core",
        files={"axe.min.js": "axe.min.js", "LICENSE": "axe-core.LICENSE"},
        logical={"axe.js": "axe.min.js"},
    ),
)


def installed_version(folder: Path, package: Package, locked: dict[str, str]) -> str:
    """The version of a package in node_modules, which must be the one that package-lock.json names."""
    description = folder / "package.json"
    if not description.is_file():
        raise VendorError(f"node_modules has no {package.npm}; run `npm ci --ignore-scripts`, then this again.")
    version = str(json.loads(description.read_text(encoding="utf-8"))["version"])
    wanted = locked.get(package.npm)
    if version != wanted:
        raise VendorError(
            f"node_modules has {package.npm} {version}, package-lock.json says {wanted}; "
            "run `npm ci --ignore-scripts`, then this again."
        )
    return version


def locked_versions(root: Path) -> dict[str, str]:
    """Package name to version, as package-lock.json has them."""
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    prefix = "node_modules/"
    return {
        path[len(prefix) :]: entry["version"] for path, entry in lock["packages"].items() if path.startswith(prefix)
    }


def fill(target: Path, packages: tuple[Package, ...], *, below: Path, versioned: bool) -> dict[str, str]:
    """Puts the packages into `target`, replacing what was there, and returns its manifest: names to paths under `below`.

    Everything is copied beside the target first and moved in at the end, so that an error leaves the old files whole.
    """
    locked = locked_versions(ROOT)
    manifest: dict[str, str] = {}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=target.parent) as scratch:
        fresh = Path(scratch, "fresh")
        fresh.mkdir()
        for package in packages:
            source = ROOT.joinpath("node_modules", *package.npm.split("/"))
            version = installed_version(source, package, locked)
            folder = f"{package.name}-{version}" if versioned else "."
            for inside, name in package.files.items():
                copy(source / inside, fresh / folder / name, package)
            for logical, name in package.logical.items():
                manifest[logical] = (target / folder / name).relative_to(below).as_posix()
        text = json.dumps(manifest, indent=2, sort_keys=True) + "\n"
        (fresh / "manifest.json").write_text(text, encoding="utf-8")
        if target.exists():
            target.rename(Path(scratch, "old"))
        fresh.rename(target)
    return manifest


def copy(source: Path, target: Path, package: Package) -> None:
    """Copies a file or a folder, or says which package no longer has it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.is_file():
        shutil.copyfile(source, target)
    else:
        raise VendorError(
            f"{package.npm} has no {source.name} any more; find its new place and correct SHIPPED in tools/vendor.py."
        )


def main() -> int:
    """Fills both folders; 0, or 1 after a sentence on the error stream."""
    try:
        shipped = fill(ROOT / "web/static/vendor", SHIPPED, below=ROOT / "web/static", versioned=True)
        tests_only = fill(ROOT / "tests/browser/vendor", TESTS_ONLY, below=ROOT / "tests/browser", versioned=False)
    except VendorError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Browser files in place: {', '.join(sorted(shipped | tests_only))}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
