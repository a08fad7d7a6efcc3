"""`python -m tinytensor`: what this build is and runs on."""

from . import show_config

print(show_config(), end="")
