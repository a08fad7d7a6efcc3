"""Rows of tinytensor/ops/grid.py."""

from op_row import FLOATS, E, Row, S, T

IMAGE, PLACES = T(2, 3, 4, 5), T(2, 3, 2, 2, low=-1.4, high=1.4)
VOLUME, PLACES_3D = T(1, 2, 3, 4, 2), T(1, 2, 2, 3, 3, low=-1.4, high=1.4)
PADDINGS = ("zeros", "border", "reflection")
SIZE = (2, 3, 3, 4)

ROWS = [
    Row("nn.functional.affine_grid",
        [S(T(2, 2, 3), size, align_corners=a) for size in (SIZE, (2, 1, 1, 5)) for a in (True, False)]
        + [S(T(1, 3, 4), [1, 2, 2, 3, 4], align_corners=False)],
        dtypes=FLOATS, method=False,
        errors=[E(ValueError, "floating", S(T(2, 2, 3), SIZE, align_corners=True), dtype="int64"),
                E(ValueError, "affine.?grid|expected a batch", S(T(2, 3, 3), SIZE, align_corners=True)),
                E(ValueError, "positive", S(T(2, 2, 3), (2, 1, 0, 4), align_corners=True)),
                E(RuntimeError, "matrices|size|batch", S(T(3, 2, 3), SIZE, align_corners=True))]),
    Row("nn.functional.grid_sample",
        [S(IMAGE, PLACES, mode, padding, align_corners=aligned)
         for mode in ("bilinear", "nearest", "bicubic") for padding in PADDINGS for aligned in (True, False)]
        + [S(VOLUME, PLACES_3D, mode, "border", align_corners=False) for mode in ("bilinear", "nearest")]
        + [S(VOLUME, PLACES_3D, "bilinear", padding, align_corners=True) for padding in PADDINGS]
        + [S(T(1, 1, 1, 1), T(1, 1, 5, 2), padding_mode="reflection", align_corners=True),
           S(T(0, 3, 4, 5), T(0, 3, 2, 2), align_corners=True),
           S(T(1, 2, 4, 5), T(1, 5, 14, 2, low=-1.4, high=1.4), align_corners=False)],  # more places than a block has
        dtypes=FLOATS, method=False, rtol=1e-4, atol=1e-4, covers=["grid_sample_backward"],
        errors=[E(ValueError, "expected mode", S(IMAGE, PLACES, "linear", align_corners=True)),
                E(ValueError, "padding_mode", S(IMAGE, PLACES, "nearest", "wrap", align_corners=True)),
                E(RuntimeError, "spatial|size", S(IMAGE, T(2, 3, 2, 3), align_corners=True)),
                E(RuntimeError, "batch size", S(IMAGE, T(1, 3, 2, 2), align_corners=True)),
                E(RuntimeError, "non-empty", S(T(2, 3, 0, 5), PLACES, align_corners=True)),
                E(RuntimeError, "dtype", S(IMAGE, T(2, 3, 2, 2, dtype="float64"), align_corners=True)),
                E(RuntimeError, "bicubic", S(VOLUME, PLACES_3D, "bicubic", align_corners=True))]),
]
