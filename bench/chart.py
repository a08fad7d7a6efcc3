"""Draws the README's chart, bench/speed.svg, from the saved results of bench/run.py.

.venv/bin/pip install matplotlib && .venv/bin/python bench/chart.py
"""

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
COLOURS = {"PyTorch": "#ee4c2c", "NumPy": "#4d77cf", "JAX": "#8a63d2"}


def ratios(rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, float]]]:
    """Work, and how many times tinytensor's the others take."""
    found = []
    for row in rows:
        ours = row.get("us", {}).get("tinytensor")
        others = {name: row["us"][name] / ours for name in COLOURS if name in row["us"]} if ours else {}
        if others:
            found.append((row["work"], others))
    return found


def main() -> None:
    """Reads the results, writes the picture."""
    parser = argparse.ArgumentParser(description="Draws the results of bench/run.py.")
    parser.add_argument("--results", type=Path, default=HERE / "results.jsonl")
    parser.add_argument("--out", type=Path, default=HERE / "speed.svg")
    options = parser.parse_args()
    try:
        import matplotlib
    except ModuleNotFoundError:
        sys.exit("bench/chart.py draws with matplotlib: pip install matplotlib")
    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "tinytensor", "font.size": 9}
    from matplotlib import pyplot as plt

    machine, *rows = map(json.loads, options.results.read_text(encoding="utf-8").splitlines())
    bars = ratios(rows)[::-1]
    figure, axes = plt.subplots(figsize=(8, 0.27 * len(bars) + 1.2), layout="constrained")
    for at, (_, others) in enumerate(bars):
        height = 0.8 / len(others)
        for k, (name, ratio) in enumerate(others.items()):
            axes.barh(at + 0.4 - height * (k + 0.5), ratio, height, color=COLOURS[name])
    axes.set_xscale("log")
    axes.set_xticks([0.5, 1, 2, 5, 10], ["0.5", "1", "2", "5", "10"])
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_yticks(range(len(bars)), [work for work, _ in bars])
    axes.set_ylim(-0.6, len(bars) - 0.4)
    axes.set_xlabel(f"time, in times tinytensor's (one thread)\n{textwrap.fill(machine['machine'], 80)}")
    patches = [plt.Rectangle((0, 0), 1, 1, color=c) for c in COLOURS.values()]
    axes.legend(patches, COLOURS, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(COLOURS), frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(options.out, metadata={"Date": None})


if __name__ == "__main__":
    main()
