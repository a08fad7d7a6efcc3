"""Rows of tinytensor/ops/norm.py."""

from op_row import FLOATS, E, Row, S, T


def F(name, samples, **options):
    return Row(f"nn.functional.{name}", samples, **{"dtypes": FLOATS, "method": False, **options})


def statistics(n):
    return T(n, grad=False), T(n, low=0.3, grad=False)


def channels(n):
    return {"weight": T(n), "bias": T(n)}


def moving(name):
    """The result with the running statistics, of which each call gets its own."""

    def call(package, x, mean=None, var=None, **options):
        mean, var = (None if t is None else t.clone() for t in (mean, var))
        y = getattr(package.nn.functional, name)(x, mean, var, **options)
        return y if mean is None else (y, mean, var)

    return call


ROWS = [
    F("batch_norm", fn=moving("batch_norm"),
      samples=[S(T(5, 3), None, None, training=True), S(T(5, 3), *statistics(3), **channels(3)),
               S(T(5, 3), *statistics(3), **channels(3), training=True, momentum=0.3), S(T(2, 3, 4), *statistics(3)),
               S(T(2, 3, 4), None, None, **channels(3), training=True),
               S(T(2, 3, 4, 2), None, None, training=True, eps=0.1),
               S(T(4, 20), None, None, weight=T(20), training=True)],
      covers=["batch_norm_backward", "batch_norm_eval", "batch_norm_update"],
      errors=[E(ValueError, "more than 1", S(T(1, 3), None, None, training=True)),
              E(IndexError, "2 dimensions", S(T(3), None, None, training=True)),
              E(RuntimeError, "running_mean", S(T(2, 3), *statistics(4)))],
      bench=[S(T(32, 200), *statistics(200), **channels(200), training=True)]),
    F("layer_norm", [S(T(5, 3), (3,)), S(T(2, 3, 4), (4,), T(4), T(4)), S(T(2, 3, 4), (3, 4), T(3, 4), T(3, 4)),
                     S(T(2, 3, 4), [4], T(4)), S(T(2, 130), (130,), eps=0.1), S(T(0, 3), (3,))],
      covers=["layer_norm_backward"],
      errors=[E(RuntimeError, "normalized_shape", S(T(2, 3), (4,)))], bench=[S(T(256, 384), (384,), T(384), T(384))]),
    F("rms_norm", [S(T(5, 3), (3,)), S(T(2, 3, 4), (4,), T(4)), S(T(2, 3, 4), (3, 4), T(3, 4), 0.1)],
      covers=["rms_norm_backward"],
      errors=[E(RuntimeError, "normalized_shape", S(T(2, 3), (4,)))]),
    F("group_norm", [S(T(3, 4), 2), S(T(3, 4, 5), 2, **channels(4)), S(T(2, 6, 2, 2), 3, T(6))],
      errors=[E(RuntimeError, "divisible", S(T(2, 3, 4), 2)),
              E(RuntimeError, "dtype", S(T(3, 4), 2, T(4, dtype="float64")))]),
    F("instance_norm", fn=moving("instance_norm"), samples=[S(T(2, 3, 4)), S(T(2, 3, 4), *statistics(3), **channels(3)),
                        S(T(2, 3, 4), *statistics(3), use_input_stats=False)],
      errors=[E(ValueError, "more than 1", S(T(2, 3, 1)))]),
    F("local_response_norm", [S(T(2, 5, 4), 3), S(T(2, 5, 4), 2, alpha=0.5, beta=0.5, k=2.0)],
      errors=[E(RuntimeError, "greater than zero", S(T(2, 5, 4), 0))]),
]
