"""makemore diagnose: one HTML page with the pictures of a training and what they say."""

import argparse
from pathlib import Path

from ..files import check_writable
from .plot import add_subject, diagnosis_of

HELP = "Write a page of HTML that shows a training from inside and says what is healthy."


def add(sub: argparse.ArgumentParser) -> None:
    """Its arguments."""
    sub.add_argument("directory", nargs="?", type=Path, metavar="RUN", help="directory that `makemore train` wrote")
    add_subject(sub)
    sub.add_argument("--out", type=Path, default=Path("report.html"), metavar="FILE", help="the page")


def run(options: argparse.Namespace) -> None:
    """Diagnoses."""
    from ..pictures.canvas import write_whole
    from ..report import report

    check_writable(options.out)
    page = report(diagnosis_of(options))
    write_whole(options.out, page.encode())
    print(f"written  {options.out}")
