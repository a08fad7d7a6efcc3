"""Settings of the test run, and the count of the table's checks at its end."""

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "2")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz-calls", type=int, default=500, help="random calls of the fuzz test")
    parser.addoption("--kills", type=int, default=3, help="how often the makemore run that resumes is killed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    from op_checks import COUNT

    if COUNT:
        parts = ", ".join(f"{n} {category}" for category, n in COUNT.items())
        terminalreporter.write_line(f"op table: {COUNT.total()} checks ({parts})")
