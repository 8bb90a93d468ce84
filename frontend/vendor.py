"""Builds static/vendor from frontend/package.json; its result is committed.

    python3 frontend/vendor.py

For maintainers: needs Node. Compiles the USWDS subset, copies the fonts and pictures its style
sheet names, takes browser storage out of htmx, copies Leaflet, makes the outlines of the map light
(outlines.mjs), and writes VENDOR.json with the version and licence of each package and the SHA-256
of each file.
"""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODULES = HERE / "node_modules"
VENDOR = HERE.parent / "static" / "vendor"
URL = re.compile(r"url\([\"']?([^\"')]+)[\"']?\)")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")


def build() -> None:
    """Install the exact versions, build each package, and record what was built."""
    subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=HERE, check=True)
    shutil.rmtree(VENDOR, ignore_errors=True)
    packages = [
        uswds(read_package("@uswds/uswds")),
        htmx(read_package("htmx.org")),
        leaflet(read_package("leaflet")),
        copied(read_package("topojson-client"), ["dist/topojson-client.min.js", "LICENSE"]),
        outlines(read_package("us-atlas"), read_package("world-atlas")),
    ]
    VENDOR.joinpath("VENDOR.json").write_text(json.dumps(packages, indent=2) + "\n")


def read_package(name: str) -> dict:
    return json.loads(MODULES.joinpath(name, "package.json").read_text())


def uswds(package: dict) -> dict:
    """Compile styles.scss and copy what it points at, so that no address is left dangling."""
    source = MODULES / package["name"]
    folder = VENDOR / f"uswds-{package['version']}"
    folder.mkdir(parents=True)
    style_sheet = folder / "uswds.css"
    style_sheet.write_text(compile_styles(source / "packages"), encoding="utf-8")
    for address in sorted(set(URL.findall(style_sheet.read_text()))):
        if not address.startswith("data:"):
            target = folder / address
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / "dist" / address, target)
    shutil.copyfile(source / "LICENSE.md", folder / "LICENSE.md")
    return describe(
        package, folder, licence="CC0-1.0; fonts OFL-1.1; icons Apache-2.0 (LICENSE.md)"
    )


def htmx(package: dict) -> dict:
    """Copy htmx without its storage: it would write the address of every page it is on.

    A name that exists nowhere makes its own question, whether there is storage, answer no.
    """
    folder = new_folder(package)
    script = (MODULES / package["name"] / "dist" / "htmx.min.js").read_text(encoding="utf-8")
    if "sessionStorage" not in script:
        raise SystemExit("htmx no longer uses sessionStorage: look how it keeps its history.")
    quiet = re.sub(r"\b(?:session|local)Storage\b", "noStorage", script)
    folder.joinpath("htmx.min.js").write_text(quiet, encoding="utf-8")
    shutil.copyfile(MODULES / package["name"] / "LICENSE", folder / "LICENSE")
    return describe(package, folder, licence="0BSD (LICENSE); changed: no browser storage")


def copied(package: dict, paths: list[str]) -> dict:
    """Copy some files of a package as they are, without the comment that names their map."""
    folder = new_folder(package)
    for path in paths:
        text = (MODULES / package["name"] / path).read_text(encoding="utf-8")
        folder.joinpath(Path(path).name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")
    return describe(package, folder, licence=f"{package['license']} (LICENSE)")


def leaflet(package: dict) -> dict:
    """Copy Leaflet with the pictures that its style sheet names."""
    names = ["layers.png", "layers-2x.png", "marker-icon.png"]
    source, images = MODULES / package["name"] / "dist" / "images", new_folder(package) / "images"
    images.mkdir()
    for name in names:
        shutil.copyfile(source / name, images / name)
    return copied(package, ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"])


def outlines(us_atlas: dict, world_atlas: dict) -> dict:
    """Make the outlines of countries, states and counties, light enough for a phone."""
    folder = new_folder(us_atlas)
    subprocess.run(["node", "outlines.mjs", folder], cwd=HERE, check=True)
    shutil.copyfile(MODULES / us_atlas["name"] / "LICENSE", folder / "LICENSE")
    other = f"countries.json: {world_atlas['name']} {world_atlas['version']}"
    licence = f"ISC (LICENSE); changed: simplified; {other}, ISC"
    return describe(us_atlas, folder, licence=licence)


def new_folder(package: dict) -> Path:
    """Make the folder of one package and version."""
    folder = VENDOR / f"{package['name'].removesuffix('.org')}-{package['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def compile_styles(load_path: Path) -> str:
    """Return the compressed style sheet, without the mark and the map comment Sass adds."""
    sass = [MODULES / ".bin" / "sass", f"--load-path={load_path}", "--style=compressed", "--quiet"]
    done = subprocess.run(
        [*sass, "--no-source-map", HERE / "styles.scss"], check=True, capture_output=True
    )
    return SOURCE_MAP.sub("", done.stdout.decode("utf-8-sig")).strip() + "\n"


def describe(package: dict, folder: Path, *, licence: str) -> dict:
    """What VENDOR.json says of one package."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "name": package["name"],
        "version": package["version"],
        "licence": licence,
        "folder": folder.name,
        "files": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }


if __name__ == "__main__":
    build()
