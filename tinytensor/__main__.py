"""`python -m tinytensor`: what this build is and runs on. `... run SCRIPT`: a script that imports torch, run on it."""

import sys

from . import show_config


def main(arguments: list[str]) -> None:
    """The command line."""
    if not arguments:
        print(show_config(), end="")
    elif arguments[0] == "run" and len(arguments) > 1 and not arguments[1].startswith("-"):
        from .as_torch import run

        run(arguments[1], arguments[2:])
    else:
        wanted = arguments in (["-h"], ["--help"])
        print(
            "usage: python -m tinytensor                      version, instruction set, threads and compiler\n"
            "       python -m tinytensor run SCRIPT ARGS...   run a script that imports torch on tinytensor",
            file=sys.stdout if wanted else sys.stderr,
        )
        raise SystemExit(0 if wanted else 2)


if __name__ == "__main__":
    main(sys.argv[1:])
