"""Kernels compiled for several instruction sets must not leak into each other when they are linked.

A weak symbol (an inline function, a template's instance) in an object compiled with AVX-512 could be the copy that the
linker keeps for everybody; a static initialiser in one would run before the instruction set is chosen.
"""

import pathlib
import struct
from dataclasses import dataclass

import pytest

import tinytensor

ROOT = pathlib.Path(__file__).parent.parent
OBJECTS = sorted(ROOT.glob("build/**/kernels_*.dir/**/*.o"))
WEAK, UNIQUE = 2, 10  # symbol bindings: STB_WEAK, STB_GNU_UNIQUE


@dataclass
class Section:
    name: str
    kind: int
    offset: int
    size: int
    link: int


class Elf:
    """As much of a 64-bit little-endian ELF file as its symbols and sections take."""

    def __init__(self, path: pathlib.Path) -> None:
        self.data = path.read_bytes()
        if self.data[:6] != b"\x7fELF\x02\x01":
            pytest.skip(f"{path.name} is no 64-bit ELF file")
        (start,) = struct.unpack_from("<Q", self.data, 40)
        size, count, names = struct.unpack_from("<HHH", self.data, 58)
        raw = [struct.unpack_from("<IIQQQQI", self.data, start + i * size) for i in range(count)]
        strings = raw[names][4]
        self.sections = [Section(self.string(strings + r[0]), r[1], r[4], r[5], r[6]) for r in raw]

    def string(self, at: int) -> str:
        return self.data[at : self.data.index(b"\0", at)].decode()

    def symbols(self, table: str) -> list[tuple[str, int, bool]]:
        """(name, binding, defined) of every symbol of a table."""
        found = []
        for section in self.sections:
            if section.name == table:
                strings = self.sections[section.link].offset
                for at in range(section.offset, section.offset + section.size, 24):
                    name, info, _, index = struct.unpack_from("<IBBH", self.data, at)
                    found.append((self.string(strings + name), info >> 4, index != 0))
        return found


@pytest.mark.skipif(not OBJECTS, reason="needs the objects of a build in the source tree (build/)")
def test_kernels_have_no_weak_symbols() -> None:
    weak = [
        f"{path.parent.name}/{path.name}: {name}"
        for path in OBJECTS
        for name, binding, _ in Elf(path).symbols(".symtab")
        if binding in (WEAK, UNIQUE)
    ]
    assert not weak, "\n".join(weak[:20])


@pytest.mark.skipif(not OBJECTS, reason="needs the objects of a build in the source tree (build/)")
def test_kernels_have_no_static_initialisers() -> None:
    running = [
        f"{path.parent.name}/{path.name}: {section.name}"
        for path in OBJECTS
        for section in Elf(path).sections
        if section.name.startswith((".init_array", ".ctors", ".preinit_array")) and section.size
    ]
    assert not running, "\n".join(running)


def test_module_exports_its_entry_alone() -> None:
    elf = Elf(pathlib.Path(tinytensor._C.__file__))
    exported = {name for name, _, defined in elf.symbols(".dynsym") if defined and name}
    assert "PyInit__C" in exported
    assert not [name for name in exported if "tt" in name and "_tt" not in name and "kernel" in name], exported
    weak = [name for name, binding, defined in elf.symbols(".dynsym") if defined and binding in (WEAK, UNIQUE)]
    ours = [name for name in weak if "2tt" in name]
    assert not ours, ours


def test_fast_math_start_up_code_is_not_linked() -> None:
    # It would switch the whole process to flush-to-zero.
    elf = Elf(pathlib.Path(tinytensor._C.__file__))
    assert not [name for name, _, _ in elf.symbols(".symtab") if "set_fast_math" in name]
    assert tinytensor.tensor(1e-40).mul(1.0).item() != 0
