"""What the numbers were measured on."""

import os
import platform
from importlib import metadata


def cpu_name() -> str:
    """The processor's own name for itself."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
        return names[0]
    except (OSError, IndexError):
        return platform.processor() or platform.machine()


def version(distribution: str) -> str | None:
    """The installed version of a package, None where it is missing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def facts() -> str:
    """One line: processor, cores, system, versions."""
    packages = [f"{name} {v}" for name in ("numpy", "torch", "jax") if (v := version(name))]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return ", ".join(
        [cpu_name(), f"{cores} cores", platform.system(), f"Python {platform.python_version()}", *packages]
    )
