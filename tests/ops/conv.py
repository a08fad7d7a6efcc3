"""Rows of tinytensor/ops/conv.py, and of the windows it is made of."""

from op_row import FLOATS, E, Row, S, T

SAMPLES = {
    1: [S(T(2, 3, 6), T(4, 3, 2)), S(T(2, 3, 6), T(4, 3, 2), T(4), stride=2, padding=1), S(T(3, 6), T(4, 3, 3)),
        S(T(2, 4, 7), T(6, 2, 3), None, 1, 0, 2, 2), S(T(1, 2, 5), T(2, 2, 3), padding="same"),
        S(T(1, 2, 5), T(2, 2, 4), padding="valid"), S(T(0, 2, 5), T(3, 2, 2)), S(T(1, 2, 3), T(2, 2, 2), None, 3, 2),
        S(T(2, 3, 5), T(6, 3, 1), T(6)), S(T(2, 6, 9), T(6, 1, 3), T(6), groups=6), S(T(1, 2, 700), T(3, 2, 3)),
        S(T(2, 70, 4), T(2, 70, 2)), S(T(2, 3, 4), T(5, 3, 4), T(5)), S(T(3, 4), T(2, 3, 4)), S(T(0, 3, 4), T(5, 3, 4)),
        S(T(0, 2, 0), T(3, 2, 2), padding=1)],
    2: [S(T(2, 3, 5, 6), T(4, 3, 2, 3), T(4)), S(T(2, 2, 5, 6), T(4, 1, 3, 2), None, (2, 1), (1, 0), 1, 2),
        S(T(3, 5, 6), T(4, 3, 3, 3), padding="same", dilation=(2, 1)), S(T(1, 2, 4, 18), T(5, 2, 1, 1)),
        S(T(1, 1, 23, 22), T(2, 1, 2, 2), padding=(0, 1), stride=(1, 2)), S(T(2, 5, 7, 9), T(18, 5, 3, 3), T(18), padding=1),
        S(T(1, 12, 7, 6), T(20, 12, 3, 2), stride=2, padding=1), S(T(2, 20, 3, 7), T(20, 1, 3, 3), padding=1, groups=20),
        S(T(1, 2, 3, 3), T(2, 2, 2, 1), stride=2**63 - 1, dilation=(1, 2**63 - 1))],
    3: [S(T(1, 2, 3, 4, 3), T(2, 2, 2, 2, 1), T(2)), S(T(1, 2, 3, 4, 3), T(2, 1, 2, 2, 3), stride=2, padding=1, groups=2)],
}
TRANSPOSED = {
    1: [S(T(2, 3, 4), T(3, 2, 3)), S(T(2, 4, 4), T(4, 3, 3), T(6), 2, 1, 1, 2), S(T(3, 4), T(3, 2, 2), dilation=2), S(T(0, 2, 3), T(2, 1, 2)),
        S(T(2, 3, 1), T(3, 4, 3), T(4)), S(T(3, 1), T(3, 4, 3), stride=2), S(T(2, 3, 1), T(3, 4, 3), padding=1),
        S(T(2, 3, 1), T(3, 4, 3), stride=3, padding=1, output_padding=2)],
    2: [S(T(2, 3, 3, 4), T(3, 2, 2, 3), T(2), stride=2, padding=(0, 1), output_padding=1),
        S(T(1, 6, 4, 5), T(6, 17, 3, 3), T(17), 2, 1)],
    3: [S(T(1, 2, 2, 3, 2), T(2, 2, 2, 1, 2), T(2), padding=(1, 0, 0))],
}


def shaped(n):
    return [E(RuntimeError, "channels", S(T(1, 2, *(4,) * n), T(3, 3, *(2,) * n))),
            E(RuntimeError, "Expected|dimension", S(T(*(4,) * n), T(3, 3, *(2,) * n)))]


ROWS = [
    *(Row(f"nn.functional.conv{n}d", samples, dtypes=(*FLOATS, "int64"), method=False,

          bench=[S(T(64, 16, 13, 13), T(32, 16, 3, 3), T(32))] * (n == 2),
          covers=[f"conv{n}d", "conv", "conv_transpose", "conv_weight", "windows", "overlap_add"],
          errors=[*shaped(n), E(RuntimeError, "dimensions", S(T(1, 2, *(4,) * n), T(3))),
                  E(RuntimeError, "kernel size can't be greater", S(T(1, 2, *(2,) * n), T(3, 2, *(3,) * n))),
                  E(RuntimeError, "without elements", S(T(1, 2, *(4,) * (n - 1), 0), T(3, 2, *(2,) * n), padding=1)),
                  E(RuntimeError, "stride", S(T(1, 2, *(4,) * n), T(3, 2, *(2,) * n), stride=0)),
                  E(RuntimeError, "too large|overflow|negative",
                    S(T(1, 2, *(4,) * n), T(3, 2, *(3,) * n), padding="same", dilation=2**63 - 1)),
                  E(RuntimeError, "weight to be", S(T(1, 2, *(4,) * n), T(0, 2, *(2,) * n))),
                  E(RuntimeError, "bias type",
                    S(T(2, 2, *(4,) * n), T(3, 2, *(2,) * n), T(3, dtype="int64"), padding="valid")),
                  E(TypeError, "bias", S(T(1, 2, *(4,) * n), T(3, 2, *(2,) * n), False))])
      for n, samples in SAMPLES.items()),
    *(Row(f"nn.functional.conv_transpose{n}d", samples, dtypes=(*FLOATS, "int64"), method=False, covers=[f"conv_transpose{n}d"],
          errors=[*shaped(n), E(RuntimeError, "without elements", S(T(1, 2, *(4,) * (n - 1), 0), T(2, 3, *(2,) * n))),
                  E(RuntimeError, "type", S(T(2, 2, *(4,) * n), T(2, 3, *(2,) * n), T(3, dtype="int32"))),
                  E(RuntimeError, "type", S(T(1, 2, *(4,) * n), T(2, 3, *(2,) * n), T(3, dtype="float32")), dtype="int64"),
                  E(RuntimeError, "output padding", S(T(1, 2, *(4,) * n), T(2, 3, *(2,) * n), output_padding=1)),
                  E(RuntimeError, "negative", S(T(1, 2, *(4,) * n), T(2, 3, *(2,) * n), output_padding=-1)),
                  E(RuntimeError, "stride", S(T(1, 2, *(4,) * n), T(2, 3, *(2,) * n), stride=0)),
                  E(RuntimeError, "output size is too small", S(T(1, 2, *(1,) * n), T(2, 3, *(2,) * n), padding=1))])
      for n, samples in TRANSPOSED.items()),
]
