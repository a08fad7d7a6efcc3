"""Rows of tinytensor/ops/likelihood.py."""

from op_row import E, I, S, T
from ops.loss import PAIR, REDUCTIONS, F

CLASSES = [*(S(T(5, 4), I(5, below=4), reduction=r) for r in REDUCTIONS),
           S(T(5, 4), T(values=[0, -100, 3, 1, -100], dtype="int64")), S(T(5, 4), I(5, below=3), ignore_index=1),
           S(T(5, 4), I(5, below=4), weight=T(4, low=0.2, grad=False)), S(T(2, 4, 3), I(2, 3, below=4)),
           S(T(2, 4, 3, 2), I(2, 3, 2, below=4), reduction="none"), S(T(4), I(below=4)), S(T(32, 27), I(32, below=27))]
OUT = [E(IndexError, "out of bounds", S(T(2, 27), T(values=[0, 27], dtype="int64"))),
       E(ValueError, "batch|one target", S(T(3, 4), I(2, below=4))),
       E(RuntimeError, "Long|int64", S(T(2, 4, 3), I(2, 3, below=4, dtype="uint8")))]
PROBABILITIES = {"low": 0.05, "high": 0.95}


def pair_of_probabilities(**options):
    return [S(T(3, 4, **PROBABILITIES), T(3, 4, **PROBABILITIES), **options),
            S(T(3, 4, **PROBABILITIES), T(3, 4, **PROBABILITIES), reduction="sum", **options)]


ROWS = [
    F("cross_entropy", [*CLASSES, S(T(5, 4), I(5, below=4), label_smoothing=0.1), S(T(3, 4), T(3, 4, low=0, high=1)),
                        S(T(5, 4), I(5, below=4), weight=T(4, low=0.2, grad=False), label_smoothing=0.2),
                        S(T(2, 4, 3), T(2, 4, 3, low=0, high=1), label_smoothing=0.1, reduction="none")], errors=OUT,
      covers=["cross_entropy_backward"], bench=[S(T(32, 27), I(32, below=27))]),
    F("nll_loss", CLASSES, errors=OUT, covers=["nll_loss_backward"]),
    F("binary_cross_entropy",
      [*pair_of_probabilities(), S(T(3, 4, low=0.05, high=0.9), T(3, 4, low=0, high=1), T(3, 4, low=0, grad=False))],
      errors=[E(RuntimeError, "between 0 and 1", S(T(values=[2.0]), T(values=[1.0]))),
              E(ValueError, "size", S(T(3), T(2))),
              E(RuntimeError, "target should be between 0 and 1", S(T(values=[0.5]), T(values=[1.5]))),
              E(RuntimeError, "shape", S(T(3, low=0, high=1), T(3, low=0, high=1), T(2, 3)))]),
    F("binary_cross_entropy_with_logits",
      [*PAIR, S(T(3, 4), T(3, 4, low=0, high=1), T(3, 4, low=0, grad=False)),
       S(T(3, 4), T(3, 4, low=0, high=1), pos_weight=T(4, low=0, grad=False))],
      errors=[E(ValueError, "size", S(T(3), T(2))), E(RuntimeError, "cast", S(T(3), T(3, dtype="int64"))),
              E(RuntimeError, "shape", S(T(3), T(3), T(2, 3))),
              E(RuntimeError, "shape", S(T(3), T(3), pos_weight=T(2, 3)))]),
    F("kl_div", [S(T(3, 4), T(3, 4, low=0.1), reduction=r) for r in ("batchmean", "sum", "none")]
      + [S(T(3, 4), T(3, 4), reduction="sum", log_target=True)],
      errors=[E(RuntimeError, "integral", S(T(3), T(3, dtype="int64")))]),
    F("gaussian_nll_loss", [S(T(3, 4), T(3, 4), T(3, 4, low=0.1)), S(T(3, 4), T(3, 4), T(3, 1, low=0.1), full=True),
                            S(T(3, 4), T(3, 4), T(3, low=0.1), reduction="sum")],
      errors=[E(ValueError, "negative", S(T(1), T(1), T(values=[-1.0]))),
              E(RuntimeError, "cast", S(T(3), T(3), T(3, low=0, dtype="int64")))]),
    F("poisson_nll_loss", [S(T(3, 4), T(3, 4, low=0.1)), S(T(3, 4, low=0.1), T(3, 4, low=0.1, high=3), False),
                           S(T(3, 4), T(3, 4, low=1.5, high=3), full=True)]),
]
