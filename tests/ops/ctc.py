"""Rows of tinytensor/ops/ctc.py."""

from op_row import FLOATS, E, I, Row, S, T

X, NAMES = T(7, 3, 5), I(3, 2, below=5, low=1)
REPEATED = T(values=[[1, 1, 2], [2, 2, 2], [3, 1, 3]], dtype="int64", grad=False)
IMPOSSIBLE = S(X, REPEATED, [4, 4, 7], [3, 3, 3], reduction="none", zero_infinity=True)


def of_logits(tt, logits, *args, **kwargs):
    """The gradient is that of logarithms of a softmax alone."""
    return tt.nn.functional.ctc_loss(logits.log_softmax(-1), *args, **kwargs)


ROWS = [
    Row("nn.functional.ctc_loss",
        [S(X, NAMES, [7, 7, 7], [2, 2, 2]), S(X, NAMES, [7, 5, 3], [2, 1, 0], reduction="sum"),
         S(X, REPEATED, [7, 7, 7], [3, 3, 2], reduction="none"), IMPOSSIBLE,
         S(X, I(4, below=4), [6, 7, 0], [3, 1, 0], blank=4),
         S(X, NAMES, T(values=[7, 6, 5], dtype="int32"), T(values=[2, 2, 1], dtype="int64")),
         S(T(6, 4), I(2, below=4, low=1), [6], [2], reduction="none"),
         S(T(60, 2, 30), I(2, 25, below=30, low=1), [60, 55], [25, 20])],
        fn=of_logits, covers=["ctc_loss_backward"], layouts=False, gradgrad=False, dtypes=FLOATS, method=False,
        errors=[E(RuntimeError, "blank must be in label range", S(X, NAMES, [7, 7, 7], [2, 2, 2], blank=5)),
                E(RuntimeError, "input_lengths must be of size", S(X, NAMES, [7], [2, 2, 2])),
                E(RuntimeError, "at most 7", S(X, NAMES, [8, 7, 7], [2, 2, 2])),
                E(RuntimeError, "at least 0", S(X, NAMES, [7, 7, 7], [2, -1, 2])),
                E(RuntimeError, "integral", S(X, NAMES, T(3), T(3))),
                E(RuntimeError, "targets", S(X, NAMES, [7, 7, 7], [2, 3, 2])),
                E(RuntimeError, "targets", S(X, I(5, below=5), [7, 7, 7], [2, 2, 2])),
                E(RuntimeError, "empty", S(T(0, 3, 5), NAMES, [0, 0, 0], [2, 2, 2])),
                E(ValueError, "reduction", S(X, NAMES, [7, 7, 7], [2, 2, 2], reduction="max")),
                # There PyTorch reads what lies beside the probabilities.
                E(IndexError, "out of bounds", S(X, I(3, 2, below=6, low=5), [7, 7, 7], [2, 2, 2]), torch=False)],
        bench=[S(T(100, 16, 28), I(16, 20, below=28, low=1), [100] * 16, [20] * 16)]),
]
