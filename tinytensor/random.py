"""The generator of random numbers: PyTorch's CPU generator (Mersenne Twister 19937), state for state.

The same seed and the same sequence of calls give the same numbers as PyTorch 2.13 on the CPU. The draws themselves
stand in ops/random.py and ops/dropout.py.
"""

import contextlib
import operator
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from . import _C
from ._C import ops as C
from .device import check_device
from .missing import names_of as _names_of
from .tensor import Tensor

_STATE_BYTES = 5056
_SEED_WHEN_NOT_GIVEN = 67280421310721
_WORDS = 624


class Generator:
    """A source of random numbers with its own state.

    Args:
        device: only the CPU.

    Examples:
        >>> g = tt.Generator().manual_seed(2147483647)
        >>> tt.rand(3, generator=g)
        tensor([0.7081, 0.3542, 0.1054])
    """

    __slots__ = ("__weakref__", "_bytes")

    def __init__(self, device: Any = "cpu") -> None:
        check_device(device)
        self._bytes: Tensor = C.full(0, (_STATE_BYTES,), _C.uint8)
        C.seed(self._bytes, _SEED_WHEN_NOT_GIVEN)

    @property
    def device(self) -> Any:
        """The CPU."""
        return self._bytes.device

    def manual_seed(self, seed: int) -> "Generator":
        """Starts the sequence that belongs to `seed`, an integer in [-2**63, 2**64); returns the generator."""
        try:
            seed = operator.index(seed)
        except TypeError:
            raise RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}") from None
        C.seed(self._bytes, _as_signed(seed))
        return self

    def seed(self) -> int:
        """Seeds from the operating system's randomness, and returns that seed."""
        seed = int.from_bytes(os.urandom(8), "little")
        self.manual_seed(seed)
        return seed

    def initial_seed(self) -> int:
        """The seed the current sequence started from."""
        return int.from_bytes(self._bytes.numpy()[:8].tobytes(), "little")

    def get_state(self) -> Any:
        """A copy of the state: 5056 bytes, laid out as PyTorch's."""
        return self._bytes.clone()

    def set_state(self, new_state: Tensor) -> None:
        """Continues from a state that `get_state` gave, here or in PyTorch."""
        _check_state(new_state)
        C.copy(self._bytes, new_state)

    def clone_state(self) -> "Generator":
        """A new generator in the same state."""
        twin = Generator()
        C.copy(twin._bytes, self._bytes)
        return twin

    def __reduce__(self) -> Any:
        return _restored, (self.get_state(),)


def _restored(state: Tensor) -> Generator:
    generator = Generator()
    generator.set_state(state)
    return generator


def _as_signed(seed: int) -> int:
    if not -(2**63) <= seed < 2**64:
        raise ValueError(f"manual_seed: the seed must be in [-2**63, 2**64), got {seed}")
    return seed - 2**64 if seed >= 2**63 else seed


def _check_state(state: Tensor) -> None:
    if not isinstance(state, Tensor) or state.dtype is not _C.uint8:
        raise TypeError("set_state: the state must be a tensor of dtype uint8")
    if state.numel() != _STATE_BYTES or state.dim() != 1:
        raise RuntimeError(
            f"set_state: expected a state of {_STATE_BYTES} bytes, got a tensor of shape {tuple(state.shape)}"
        )
    raw = state.numpy().tobytes()
    left, seeded = (int.from_bytes(raw[at : at + 4], "little", signed=True) for at in (8, 12))
    if not (seeded and 0 < left <= _WORDS and int.from_bytes(raw[16:24], "little") <= _WORDS):
        raise RuntimeError("set_state: these bytes are no state of a Mersenne Twister")


default_generator = Generator()
"""The generator that draws use when they are not given one."""
default_generator.seed()


def state_of(generator: Generator | None) -> Tensor:
    """The state that a draw with this argument reads and moves on."""
    if generator is None:
        return default_generator._bytes
    if not isinstance(generator, Generator):
        raise TypeError(f"generator must be a Generator or None, not {type(generator).__name__}")
    return generator._bytes


def manual_seed(seed: int) -> Generator:
    """Seeds the default generator, and returns it.

    Args:
        seed: an integer in [-2**63, 2**64).

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.randint(0, 10, (5,))
        tensor([2, 7, 6, 4, 6])
    """
    return default_generator.manual_seed(int(seed))


def seed() -> int:
    """Seeds the default generator from the operating system's randomness, and returns that seed.

    Examples:
        >>> tt.initial_seed() == tt.seed()
        False
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The seed the default generator started from.

    Examples:
        >>> _ = tt.manual_seed(42)
        >>> tt.initial_seed()
        42
    """
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """A copy of the default generator's state.

    Examples:
        >>> state = tt.get_rng_state()
        >>> x = tt.rand(2)
        >>> tt.set_rng_state(state)
        >>> tt.equal(tt.rand(2), x)
        True
    """
    return default_generator.get_state()


def set_rng_state(new_state: Tensor) -> None:
    """Sets the default generator's state to one that `get_rng_state` gave.

    Examples:
        >>> state = tt.get_rng_state()
        >>> x = tt.rand(2)
        >>> tt.set_rng_state(state)
        >>> tt.equal(tt.rand(2), x)
        True
    """
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(devices: Any = None, enabled: bool = True, device_type: str = "cpu") -> Iterator[None]:
    """Inside the block draws go on as usual; after it the default generator is where it was before.

    Examples:
        >>> with tt.random.fork_rng():
        ...     noise = tt.randn(3)
    """
    state = get_rng_state() if enabled else None
    try:
        yield
    finally:
        if state is not None:
            set_rng_state(state)


class set_multinomial_algorithm:
    """Chooses how `multinomial` draws one sample with replacement; also a context manager.

    Args:
        version: `"2.13"`, the default, as PyTorch does today: by an exponential race, one draw for each category.
            `"1.13"`, as PyTorch did up to that version, with which the makemore lectures were recorded: by inverting
            the cumulative distribution, one draw in all.

    Examples:
        >>> with tt.random.set_multinomial_algorithm("1.13"):
        ...     ix = tt.multinomial(tt.tensor([0.2, 0.3, 0.5]), 1, replacement=True)
    """

    single_by_race = True

    def __init__(self, version: Literal["2.13", "1.13"]) -> None:
        if version not in ("2.13", "1.13"):
            raise ValueError(f"set_multinomial_algorithm: the version must be '2.13' or '1.13', got {version!r}")
        self._before = set_multinomial_algorithm.single_by_race
        set_multinomial_algorithm.single_by_race = version == "2.13"

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        set_multinomial_algorithm.single_by_race = self._before


if not TYPE_CHECKING:
    __getattr__ = _names_of(__name__)
