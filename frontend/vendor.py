"""Builds static/vendor from frontend/package.json; its result is committed.

    python3 frontend/vendor.py

For maintainers: needs Node. Compiles the USWDS subset, copies the fonts and pictures its style
sheet names, and writes VENDOR.json with each package's version and licence and each file's SHA-256.
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
    packages = [uswds(read_package("@uswds/uswds"))]
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
