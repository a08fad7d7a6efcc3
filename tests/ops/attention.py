"""Rows of tinytensor/ops/attention.py."""

from op_row import FLOATS, B, E, Row, S, T

QKV = (T(2, 3, 5, 4), T(2, 3, 6, 4), T(2, 3, 6, 2))


def heads(tt, query, key, value, weight, bias, out_weight, **kw):
    return tt.nn.functional.multi_head_attention_forward(
        query, key, value, 4, 2, weight, bias, None, None, False, 0.0, out_weight, None, **kw
    )


X, W = T(5, 2, 4), (T(12, 4), T(12), T(4, 4))

ROWS = [
    Row("nn.functional.scaled_dot_product_attention",
        [S(*QKV), S(*QKV, is_causal=True), S(*QKV, T(5, 6)), S(*QKV, B(5, 6)), S(*QKV, scale=0.3),
         S(T(2, 4, 5, 4), T(2, 2, 6, 4), T(2, 2, 6, 4), enable_gqa=True), S(T(5, 4), T(6, 4), T(6, 4)),
         S(T(3, 5, 0), T(3, 6, 0), T(3, 6, 2))],
        dtypes=FLOATS, method=False, rtol=1e-5,
        errors=[E(RuntimeError, "is_causal", S(*QKV, T(5, 6), is_causal=True)),
                E(RuntimeError, "at least 2 dimensional", S(T(4), *QKV[1:]))]),
    Row("nn.functional.multi_head_attention_forward",
        [S(X, X, X, *W), S(X, T(3, 2, 4), T(3, 2, 4), *W, need_weights=False), S(X, X, X, *W, average_attn_weights=False),
         S(X, X, X, *W, attn_mask=T(5, 5)), S(T(5, 4), T(5, 4), T(5, 4), *W)],
        fn=heads, dtypes=FLOATS, method=False, rtol=1e-5),
]
