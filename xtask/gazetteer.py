#!/usr/bin/env python3
"""Writes data/gazetteer/*.tsv from the Python package `geothai`.

Usage: python3 xtask/gazetteer.py [OUTPUT_FOLDER]        (default: data/gazetteer of this tree)

The package is data with a little code around it. It is never installed and none of its code is
run: the wheel is downloaded into a temporary folder, its digest is compared with the one below,
and its JSON files are read out of the zip. To move to a new data release change VERSION, SHA256
and, when DOPA has made or abolished areas, COUNTS; then read the diff of the TSV files.
"""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VERSION = "3.2.1"
SHA256 = "d4d41349c0c8ad07a579956b95d39f7b191426b5681daf66ab1ee522122d8e9b"
COUNTS = {"provinces": 77, "districts": 928, "subdistricts": 7436, "abolished": 1583}


def download(folder: Path) -> Path:
    """Fetches the pinned wheel into `folder` and refuses any other bytes."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--disable-pip-version-check"]
    command += ["--dest", str(folder), f"geothai=={VERSION}"]
    subprocess.run(command, check=True)
    wheel = next(folder.glob("geothai-*.whl"))
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{wheel.name}: sha256 is {digest}, expected {SHA256}")
    return wheel


def cell(value: str | None) -> str:
    """One TSV cell. The format has no escapes, so a tab or line break is refused, not repaired."""
    text = value or ""
    if re.search(r"[\t\r\n]", text):
        raise SystemExit(f"a cell holds a tab or a line break: {text!r}")
    return text


def write(path: Path, header: list[str], rows: list[list[str | None]]) -> None:
    if len(rows) != COUNTS[path.stem]:
        raise SystemExit(f"{path.stem}: {len(rows)} rows, expected {COUNTS[path.stem]}")
    if len({row[0] for row in rows}) != len(rows):
        raise SystemExit(f"{path.stem}: a code occurs twice")
    lines = ["\t".join(header)]
    # The reader searches by code, so the order is part of the format.
    lines += ["\t".join(cell(value) for value in row) for row in sorted(rows, key=lambda r: r[0])]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(rows)} rows")


def main() -> None:
    default = Path(__file__).resolve().parent.parent / "data" / "gazetteer"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(download(Path(folder))) as wheel:
            source = {
                name: json.loads(wheel.read(f"geothai/_data/{name}.json").decode("utf-8"))
                for name in COUNTS
            }
    names = ["code", "name_th", "name_en"]
    write(out / "provinces.tsv", names, source["provinces"])
    write(out / "districts.tsv", names, source["districts"])
    write(
        out / "subdistricts.tsv",
        [*names, "postcodes"],
        [[c, th, en, postcodes.replace(" ", ",")] for c, th, en, postcodes in source["subdistricts"]],
    )
    write(
        out / "abolished.tsv",
        [*names, "abolished_on", "successors", "basis"],
        [
            [c, th, en, on, successors.replace(" ", ","), basis]
            for c, th, en, on, successors, basis, _in_force, _notice in source["abolished"]
        ],
    )


if __name__ == "__main__":
    main()
