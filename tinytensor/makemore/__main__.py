"""The command line: makemore COMMAND, one of those in commands/."""

import argparse
import io
import os
import sys
from typing import NoReturn

import tinytensor as tt

from .commands import COMMANDS
from .errors import Problem
from .options import Help, whole


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 1 for a problem, 2 for a wrong command line, 130 for Ctrl-C."""
    options = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    try:
        if options.threads is not None:
            tt.set_num_threads(options.threads)
        options.run(options)
        sys.stdout.flush()
        return 0
    except Problem as problem:
        return complain(str(problem), 1)
    except ModuleNotFoundError as missing:
        return complain(f"needs the package {missing.name}, which comes with the extra: pip install '.[makemore]'", 1)
    except MemoryError:
        return complain("not enough memory for a model or a word list of this size", 1)
    except KeyboardInterrupt as interrupt:
        return complain(": ".join(["interrupted", *map(str, interrupt.args)]), 130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def complain(message: str, code: int) -> int:
    """One line on stderr."""
    print(f"makemore: {message}", file=sys.stderr)
    return code


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage of a dozen options before it."""

    def error(self, message: str) -> NoReturn:
        """Ends the process."""
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = Parser(prog="makemore", description="Learns a list of words and makes more like them.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name, help=command.HELP, description=command.HELP, formatter_class=Help)
        sub.set_defaults(run=command.run)
        sub.add_argument(
            "--threads", type=whole(1), metavar="N", help="threads of the engine (default: its own choice)"
        )
        command.add(sub)
    return top


if __name__ == "__main__":
    sys.exit(main())
