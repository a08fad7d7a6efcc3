"""Rows of tinytensor/ops/image.py."""

from op_row import FLOATS, E, Row, S, T

X = {1: T(2, 3, 5), 2: T(2, 3, 4, 5), 3: T(1, 2, 3, 4, 3)}
SMOOTH = ((1, "linear"), (2, "bilinear"), (2, "bicubic"), (3, "trilinear"))
CORNERS = ({}, {"align_corners": True})

ROWS = [
    Row("nn.functional.unfold", [S(T(2, 3, 4, 5), 2), S(T(3, 4, 5), (2, 3), 1, 1, 2), S(T(1, 1, 5, 5), 2, dilation=2)],
        dtypes=FLOATS, method=False, errors=[
            E(RuntimeError, "at least one", S(T(1, 1, 2, 2), 3)), E(TypeError, "float", S(T(1, 1, 2, 2), 1.0)),
            E(RuntimeError, "kernel size", S(T(1, 1, 2, 2), (0, 1))),
            E(RuntimeError, "dilation", S(T(1, 1, 2, 2), 1, 0)), E(RuntimeError, "non-neg", S(T(1, 1, 4, 4), 1, 1, -1))]),
    Row("nn.functional.fold", [S(T(2, 12, 12), (4, 5), 2), S(T(8, 6), (4, 3), 2, 1, 0, 1),
                               S(T(1, 4, 9), (4, 4), 2, padding=1, stride=2)],
        dtypes=FLOATS, method=False, errors=[
            E(RuntimeError, "divisible", S(T(1, 5, 4), (3, 3), 2)), E(RuntimeError, "stride", S(T(8, 6), (4, 3), 2, 1, 0, 0)),
            E(RuntimeError, "non-neg", S(T(1, 1, 4), (4, 4), 1, 1, -1))]),
    Row("nn.functional.pixel_shuffle", [S(T(2, 8, 2, 3), 2), S(T(9, 1, 2), 3)], method=False, covers=["pixel_shuffle"],
        errors=[E(RuntimeError, "divisible", S(T(1, 3, 2, 2), 2)), E(RuntimeError, "positive", S(T(4, 2, 2), 0)),
                E(TypeError, "float", S(T(4, 2, 2), 1.0)), E(RuntimeError, "3 dimensions", S(T(4, 2), 2))]),
    Row("nn.functional.pixel_unshuffle", [S(T(2, 2, 4, 6), 2), S(T(1, 3, 3), 3)], method=False, covers=["pixel_unshuffle"],
        errors=[E(RuntimeError, "divisible", S(T(1, 3, 3, 2), 2)), E(RuntimeError, "positive", S(T(4, 2, 2), 0)),
                E(RuntimeError, "3 dimensions", S(T(4), 2))]),
    Row("channel_shuffle", [S(T(2, 4, 2, 3), 2), S(T(1, 6, 2), 3)], method=False, dtypes=FLOATS,
        errors=[E(RuntimeError, "positive", S(T(1, 4, 2), 0)), E(RuntimeError, "dims", S(T(2, 3), 3))]),
    Row("nn.functional.interpolate",
        [S(x, scale_factor=2, mode=mode) for x in X.values() for mode in ("nearest", "nearest-exact")]
        + [S(X[n], (7, 3, 5)[:n], mode=mode, **kw) for n, mode in SMOOTH for kw in CORNERS]
        + [S(X[2], scale_factor=(1.5, 0.7), mode="bilinear"), S(X[2], scale_factor=1.7, mode="bicubic"),
           *(S(X[2], size, mode=mode, antialias=True, **kw)
             for mode in ("bilinear", "bicubic") for size in ((2, 7), (3, 2)) for kw in CORNERS),
           S(X[2], scale_factor=0.4, mode="bilinear", antialias=True), S(X[2], (2, 3), mode="area"), S(X[1], scale_factor=1.3, recompute_scale_factor=True, mode="linear")],
        dtypes=FLOATS, method=False, rtol=1e-4, atol=1e-4, covers=["upsample", "resample", "resample_backward"],
        errors=[E(ValueError, "only one of size or scale_factor", S(X[2], 3, 2)),
                E(ValueError, "align_corners", S(X[2], 3, align_corners=True)),
                E(NotImplementedError, "bilinear", S(X[2], 3, mode="bilinear"), dtype="int64"),
                E(ValueError, "spatial dimensions", S(X[2], (3,))),
                E(ValueError, "spatial dimensions", S(X[1], scale_factor=(2.0, 2.0))),
                E(ValueError, "anti-?alias", S(X[1], 3, mode="linear", antialias=True)),
                E(RuntimeError, "64 bits|overflow", S(X[2], scale_factor=1e30)),
                *(E(RuntimeError, "too many elements|overflow", S(X[1], 2**63 - 1, mode=mode))
                  for mode in ("nearest", "linear", "area"))]),
]
