"""Rows of tinytensor/ops/loss.py."""

import math

from op_row import FLOATS, E, I, Row, S, T

REDUCTIONS = ("mean", "sum", "none")
PAIR = [*(S(T(3, 4), T(3, 4), reduction=r) for r in REDUCTIONS), S(T(), T()), S(T(37), T(37))]
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


def F(name, samples, **options):
    return Row(f"nn.functional.{name}", samples, **{"dtypes": FLOATS, "method": False, **options})


SIGNS = T(values=[1.0, -1.0, -1.0, 1.0, -1.0], grad=False)
ROWS = [
    F("cross_entropy", [*CLASSES, S(T(5, 4), I(5, below=4), label_smoothing=0.1), S(T(3, 4), T(3, 4, low=0, high=1)),
                        S(T(5, 4), I(5, below=4), weight=T(4, low=0.2, grad=False), label_smoothing=0.2),
                        S(T(2, 4, 3), T(2, 4, 3, low=0, high=1), label_smoothing=0.1, reduction="none")], errors=OUT,
      covers=["cross_entropy_backward"], bench=[S(T(32, 27), I(32, below=27))]),
    F("nll_loss", CLASSES, errors=OUT, covers=["nll_loss_backward"]),
    F("mse_loss", PAIR),
    F("l1_loss", [*PAIR, S(T(3, 4, grad=False), T(dtype="int64"), reduction="none"),
                  S(T(3, 4, grad=False), T(dtype="float64", grad=False))]),
    F("smooth_l1_loss", [*PAIR, S(T(3, 4), T(3, 4), beta=0.3), S(T(3, 4), T(3, 4), beta=0)],
      errors=[E(RuntimeError, "beta", S(T(3), T(3), beta=math.nan))]),
    F("huber_loss", [*PAIR, S(T(3, 4), T(3, 4), delta=0.3)],
      errors=[E(RuntimeError, "cast", S(T(3, dtype="int64"), T(3))),
              E(RuntimeError, "delta", S(T(3), T(3), delta=math.nan))]),
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
    F("hinge_embedding_loss", [S(T(5), SIGNS), S(T(5), SIGNS, margin=0.3, reduction="none"),
                               S(T(5, dtype="int32"), SIGNS, margin=2.7, reduction="none")],
      errors=[E(RuntimeError, "without overflow", S(T(5, dtype="uint8"), SIGNS, margin=-4.0))]),
    F("margin_ranking_loss", [S(T(5), T(5), SIGNS), S(T(5), T(5), SIGNS, 0.4, reduction="sum")]),
    F("soft_margin_loss", [S(T(5), SIGNS), S(T(5), SIGNS, reduction="none")],
      errors=[E(RuntimeError, "cast", S(T(5, dtype="int64"), SIGNS)), E(RuntimeError, "shape", S(T(1), SIGNS))]),
    F("multilabel_soft_margin_loss", [S(T(3, 4), T(3, 4, low=0, high=1, grad=False)),
                                      S(T(3, 4), T(3, 4, low=0, high=1, grad=False), T(4, low=0), reduction="none"),
                                      S(T(4), T(3, 4, low=0, high=1, grad=False))]),
    F("cosine_embedding_loss", [S(T(5, 3), T(5, 3), SIGNS), S(T(5, 3), T(5, 3), SIGNS, margin=0.2, reduction="none")],
      errors=[E(RuntimeError, "1D target|1-D target", S(T(5, 3), T(3), SIGNS))]),
    F("triplet_margin_loss", [S(T(3, 4), T(3, 4), T(3, 4)),
                             S(T(3, 4), T(3, 4), T(3, 4), 0.5, 1, swap=True, reduction="sum")],
      errors=[E(ValueError, "margin", S(T(3, 4), T(3, 4), T(3, 4), -1.0))]),
    F("triplet_margin_with_distance_loss",
      [S(T(3, 4), T(3, 4), T(3, 4)), S(T(3, 4), T(3, 4), T(3, 4), margin=0.5, swap=True)],
      errors=[E(RuntimeError, "number of dimensions", S(T(4), T(4), T(3, 4)))]),
    F("multi_margin_loss", [S(T(3, 4), I(3, below=4)),
                            S(T(3, 4), I(3, below=4), 2, 0.6, T(4, low=0, grad=False), reduction="none"),
                            S(T(4), I(below=4))], gradgrad=False,
      errors=[E(RuntimeError, "dtype|type", S(T(3, 4), I(3, below=4), weight=T(4, dtype="int8"))),
              E(RuntimeError, "Long|int64", S(T(3, 4), I(3, below=4, dtype="int32")))]),
    F("multilabel_margin_loss", [S(T(2, 4), T(values=[[1, 2, -1, 0], [3, -1, 0, 1]], dtype="int64")),
                                 S(T(4), T(values=[0, 1, -1, 2], dtype="int64"), reduction="sum")], gradgrad=False,
      errors=[E(RuntimeError, "Long|int64", S(T(2, 4), I(2, 4, below=4, dtype="int32")))]),
]
