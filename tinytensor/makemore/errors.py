"""The one exception of makemore."""


class Problem(Exception):
    """Something the user can put right. The command line prints it as one line, without a traceback."""
