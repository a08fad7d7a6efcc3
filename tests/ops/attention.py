"""Rows of tinytensor/ops/attention.py."""

from op_row import FLOATS, B, E, Row, S, T

INF = float("inf")
QKV = (T(2, 3, 5, 4), T(2, 3, 6, 4), T(2, 3, 6, 2))


def heads(tt, query, key, value, weight, bias, out_weight, **kw):
    return tt.nn.functional.multi_head_attention_forward(
        query, key, value, 4, 2, weight, bias, None, None, False, 0.0, out_weight, None, **kw
    )


CAUSAL = [[0.0 if key <= query else -INF for key in range(5)] for query in range(5)]
SMALL = T(5, 2, 4, low=-0.5, high=0.5)
X, W = T(5, 2, 4), (T(12, 4), T(12), T(4, 4))

ROWS = [
    Row("nn.functional.scaled_dot_product_attention",
        [S(*QKV), S(*QKV, is_causal=True), S(*QKV, T(5, 6)), S(*QKV, B(5, 6)), S(*QKV, scale=0.3),
         S(T(2, 4, 5, 4), T(2, 2, 6, 4), T(2, 2, 6, 4), enable_gqa=True), S(T(5, 4), T(6, 4), T(6, 4)),
         S(T(3, 5, 0), T(3, 6, 0), T(3, 6, 2)), S(T(2, 17, 3), T(2, 18, 3), T(2, 18, 3), is_causal=True),
         S(T(1, 70, 2), T(1, 66, 2), T(1, 66, 3), is_causal=True), S(T(2, 1, 5, 4), T(2, 3, 6, 4), T(2, 3, 6, 4))],
        dtypes=FLOATS, method=False, rtol=1e-5, covers=["attention", "attention_backward"],
        bench=[S(*(T(32, 4, 16, 16),) * 3, is_causal=True), S(*(T(1, 4, 512, 64),) * 3, is_causal=True)],
        errors=[E(RuntimeError, "is_causal", S(*QKV, T(5, 6), is_causal=True)),
                E(RuntimeError, "number of heads", S(T(2, 4, 5, 4), T(2, 3, 6, 4), T(2, 3, 6, 4), enable_gqa=True)),
                E(RuntimeError, "at least 2 dimensional", S(T(4), *QKV[1:]))]),
    Row("nn.functional.multi_head_attention_forward",
        [S(X, X, X, *W), S(X, T(3, 2, 4), T(3, 2, 4), *W, need_weights=False), S(X, X, X, *W, average_attn_weights=False),
         S(X, X, X, *W, attn_mask=T(5, 5)), S(X, X, X, *W, attn_mask=T(5, 5), need_weights=False),
         S(SMALL, SMALL, SMALL, *W, attn_mask=T(values=CAUSAL), need_weights=False, is_causal=True),
         S(T(5, 4), T(5, 4), T(5, 4), *W)],
        fn=heads, dtypes=FLOATS, method=False, rtol=1e-5,
        errors=[E(IndexError, "out_proj_weight", S(X, X, X, *W[:2], T(4)))]),
]
