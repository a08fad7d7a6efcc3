"""Rows of tinytensor/ops/margin.py."""

from op_row import E, I, S, T
from ops.loss import F

SIGNS = T(values=[1.0, -1.0, -1.0, 1.0, -1.0], grad=False)


ROWS = [
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
