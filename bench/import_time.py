"""How long `import tinytensor` takes on top of `import numpy`: the best of some fresh processes.

Fails above the limit, 25 ms, so that it can stand in a build.
"""

import os
import subprocess
import sys

LIMIT = 25.0
PROGRAM = """
import time
import numpy
start = time.perf_counter()
import tinytensor
print((time.perf_counter() - start) * 1000)
"""


def milliseconds() -> float:
    """One fresh process."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", PROGRAM]
    return float(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    milliseconds()  # writes the bytecode
    best = min(milliseconds() for _ in range(15))
    print(f"import tinytensor: {best:.1f} ms on top of import numpy (at most {LIMIT:.0f} ms)")
    sys.exit(best > LIMIT)
