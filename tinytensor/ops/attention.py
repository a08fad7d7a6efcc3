"""Attention: a mix of values, by how well queries and keys agree."""

from __future__ import annotations

import math
from typing import Any

from .. import _C
from .._C import is_grad_enabled
from .._C import ops as C
from ..tensor import Tensor, primitive
from .creation import full, ones, zeros
from .dropout import dropout, noise_of
from .join import cat
from .matmul import linear
from .reduce import sum_to
from .second import pull_back
from .softmax import softmax


@primitive(joint=True)
def attention(
    q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, noise: Tensor | None, scale: float, causal: bool
) -> Any:
    """`(softmax(q @ k.T * scale + mask) * noise) @ v` for equal leading sizes, a block of queries at a time.

    Args:
        q: (..., L, E).
        k: (..., S, E).
        v: (..., S, Ev).
        mask: (..., L, S), True where a query may look, or what is added to the scores; it gets no gradient.
        noise: (..., L, S), what the weights are multiplied with.
        scale: of the scores.
        causal: query i looks at keys 0 to i only.
    """
    y, stats = C.attention(q, k, v, mask, noise, scale, causal)
    others = (None,) * ((mask is not None) + (noise is not None))

    def vjp(g: Any) -> Any:
        if is_grad_enabled():  # to be differentiated again
            return (*pull_back(_attend, (q, k, v, mask, noise, scale, causal), g)[:3], *others)
        return (*C.attention_backward(g, q, k, v, mask, noise, stats, scale, causal), *others)

    return y, vjp


def _attend(q: Any, k: Any, v: Any, mask: Any, noise: Any, scale: float, causal: bool) -> Any:
    """What `attention` computes, from ops that can be differentiated."""
    scores = (q * scale) @ k.transpose(-2, -1)
    if causal:
        scores = scores.masked_fill(~_lower_triangle(q, k), -math.inf)
    weights = softmax(scores if mask is None else _masked(scores, mask), -1)
    if mask is not None:
        weights = _without_blind(weights, mask)
    return (weights if noise is None else weights * noise) @ v


def _lower_triangle(q: Tensor, k: Tensor) -> Any:
    return ones((q.size(-2), k.size(-2)), dtype=_C.bool).tril()


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """`softmax(query @ key.T * scale + mask) @ value`.

    Args:
        query: (..., L, E).
        key: (..., S, E).
        value: (..., S, Ev).
        attn_mask: broadcast to (..., L, S): True where a query may look, or numbers to add.
        dropout_p: probability with which a weight is dropped.
        is_causal: query i looks at keys 0 to i only; not together with a mask.
        scale: 1 / sqrt(E) by default.
        enable_gqa: keys and values have fewer heads (dimension -3), each serves several of the queries'.

    Returns:
        (..., L, Ev)

    Examples:
        >>> q, k, v = tt.zeros(2, 3, 4), tt.zeros(2, 5, 4), tt.ones(2, 5, 6)
        >>> F.scaled_dot_product_attention(q, k, v).shape
        torch.Size([2, 3, 6])
    """
    if min(query.dim(), key.dim(), value.dim()) < 2:
        raise RuntimeError(
            f"Expected query, key, and value to all be at least 2 dimensional, but got query.dim: {query.dim()} "
            f"key.dim: {key.dim()} and value.dim: {value.dim()} instead."
        )
    if not query.dtype == key.dtype == value.dtype:
        raise RuntimeError(
            f"Expected query, key, and value to have the same dtype, but got query.dtype: {query.dtype} key.dtype: "
            f"{key.dtype} and value.dtype: {value.dtype} instead."
        )
    if enable_gqa:
        heads = query.size(-3), key.size(-3), value.size(-3)
        if 0 in heads[1:] or heads[0] % heads[1] or heads[0] % heads[2]:
            raise RuntimeError(
                f"Number of heads in key and value must divide the number of heads in query, but got {heads[1]} and "
                f"{heads[2]} for {heads[0]}"
            )
        key = key.repeat_interleave(query.size(-3) // key.size(-3), -3)
        value = value.repeat_interleave(query.size(-3) // value.size(-3), -3)
    factor = 1 / math.sqrt(query.size(-1) or 1) if scale is None else scale
    if attn_mask is not None and is_causal:
        raise RuntimeError("_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True")
    if _is_fused(query, key, value, attn_mask, dropout_p):
        pairs = (*query.shape[:-1], key.size(-2))
        mask = None if attn_mask is None else attn_mask.detach().expand(pairs)
        noise = noise_of(query, pairs, dropout_p) if dropout_p > 0.0 else None
        if query.ndim != 4:  # as in PyTorch, only the usual layout keeps the query itself for backward
            query, factor = query * factor, 1.0
        return attention(query, key, value, mask, noise, factor, is_causal)
    scores = (query * factor) @ key.transpose(-2, -1)
    if is_causal:
        attn_mask = _lower_triangle(query, key)
    weights = softmax(scores if attn_mask is None else _masked(scores, attn_mask), -1)
    if attn_mask is not None and not is_causal:
        weights = _without_blind(weights, attn_mask)
    if dropout_p > 0.0:
        weights = dropout(weights, dropout_p, True)
    y = weights @ value
    if y.numel() == 0 or key.size(-2) == 0:  # nothing to mix: the result has the leading sizes of the query alone
        y = sum_to(y, (*query.shape[:-1], value.size(-1)))
    return y


def _is_fused(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, dropout_p: float) -> bool:
    """Whether `attention` takes them: no broadcasting but of the mask, which needs no gradient."""
    if not q.shape[:-2] == k.shape[:-2] == v.shape[:-2] or not 0 <= dropout_p < 1:
        return False
    if mask is None:
        return dropout_p == 0.0 or q.numel() * k.numel() > 0
    sizes = (*q.shape[:-1], k.size(-2))
    broadcasts = mask.ndim <= len(sizes) and all(
        have in (1, want) for have, want in zip(mask.shape[::-1], sizes[::-1], strict=False)
    )
    return broadcasts and 0 not in sizes and not mask.requires_grad and mask.dtype in (_C.bool, q.dtype)


def _masked(scores: Tensor, mask: Tensor) -> Tensor:
    if mask.dtype == _C.bool:
        return scores.masked_fill(~mask, -math.inf)
    if mask.dtype != scores.dtype:
        raise RuntimeError(
            f"Expected attn_mask dtype to be bool or float or to match query dtype, but got attn_mask.dtype: "
            f"{mask.dtype} and query.dtype: {scores.dtype} instead."
        )
    total: Tensor = scores + mask
    return total


def _without_blind(weights: Tensor, mask: Tensor) -> Tensor:
    """A query that may look nowhere gets zeros, not NaN."""
    seen = mask if mask.dtype == _C.bool else mask != -math.inf
    blind = ~seen.any(-1, True)
    return weights.masked_fill(blind, 0.0) if bool(blind.any()) else weights


def _as_numbers(name: str, mask: Any, dtype: Any) -> Any:
    """A mask to be added; here True means that a key is left out."""
    if mask is None or mask.dtype.is_floating_point:
        return mask
    if mask.dtype != _C.bool:
        raise AssertionError(f"only bool and floating types of {name} are supported")
    return zeros(mask.shape, dtype=dtype).masked_fill(mask, -math.inf)


def _project(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    weights: tuple[Any, Any, Any],
    bias: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor]:
    biases = (None, None, None) if bias is None else bias.chunk(3)
    q, k, v = (linear(x, w, b) for x, w, b in zip((query, key, value), weights, biases, strict=True))
    return q, k, v


def multi_head_attention_forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Tensor | None,
    in_proj_bias: Tensor | None,
    bias_k: Tensor | None,
    bias_v: Tensor | None,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Tensor,
    out_proj_bias: Tensor | None,
    training: bool = True,
    key_padding_mask: Tensor | None = None,
    need_weights: bool = True,
    attn_mask: Tensor | None = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Tensor | None = None,
    k_proj_weight: Tensor | None = None,
    v_proj_weight: Tensor | None = None,
    static_k: Tensor | None = None,
    static_v: Tensor | None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
) -> tuple[Any, Any]:
    """What `nn.MultiheadAttention` computes: projections, attention in every head, output projection.

    Shapes: query (L, N, E), key and value (S, N, *), or without N; `attn_mask` (L, S) or (N * heads, L, S) and
    `key_padding_mask` (N, S) are True where a query may not look, or numbers to add. Returns the output (L, N, E) and
    the weights (N, L, S), or (N, heads, L, S) if they are not averaged, or None.

    Examples:
        >>> x, w, b = tt.zeros(5, 2, 8), tt.zeros(24, 8), tt.zeros(24)
        >>> y, weights = F.multi_head_attention_forward(
        ...     x, x, x, 8, 2, w, b, None, None, False, 0.0, tt.eye(8), tt.zeros(8)
        ... )
        >>> y.shape, weights.shape
        (torch.Size([5, 2, 8]), torch.Size([2, 5, 5]))
    """
    if query.dim() not in (2, 3) or not query.dim() == key.dim() == value.dim():
        shapes = ", ".join(str(list(x.shape)) for x in (query, key, value))
        raise AssertionError(f"query, key and value should all be unbatched (2-D) or batched (3-D), but got {shapes}")
    batched = query.dim() == 3
    if not batched:
        query, key, value = query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1)
        key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
    length, batch, width = query.shape
    if width != embed_dim_to_check:
        raise AssertionError(f"was expecting embedding dimension of {embed_dim_to_check}, but got {width}")
    if is_causal and attn_mask is None:
        raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
    weights: Any
    if in_proj_weight is not None and not use_separate_proj_weight:
        weights = in_proj_weight.chunk(3)
    else:
        weights = (q_proj_weight, k_proj_weight, v_proj_weight)
    q, k, v = _project(query, key, value, weights, in_proj_bias)
    if bias_k is not None and bias_v is not None:
        k = cat([k, bias_k.expand(1, batch, -1)], 0)
        v = cat([v, bias_v.expand(1, batch, -1)], 0)
    q, k, v = (x.reshape(x.shape[0], batch * num_heads, -1).transpose(0, 1) for x in (q, k, v))
    k = k if static_k is None else static_k
    v = v if static_v is None else static_v
    if add_zero_attn:
        k, v = (cat([x, zeros((x.shape[0], 1, x.shape[2]), dtype=x.dtype)], 1) for x in (k, v))
    causal = is_causal and not need_weights and key_padding_mask is None  # all that the mask says is then known
    mask = None
    if not causal:
        mask = _combined_mask(attn_mask, key_padding_mask, batch, num_heads, length, k.shape[1], q.dtype)
    drop = dropout_p if training else 0.0
    if need_weights:
        scores = (q / math.sqrt(q.shape[-1])) @ k.transpose(-2, -1)
        shares = softmax(scores if mask is None else scores + mask, -1)
        if drop > 0.0:
            shares = dropout(shares, drop, True)
        mixed = shares @ v
    else:
        mixed = scaled_dot_product_attention(q, k, v, mask, drop, causal)
    output = linear(mixed.transpose(0, 1).reshape(length * batch, width), out_proj_weight, out_proj_bias)
    if output.dim() != 2:
        raise IndexError(
            f"multi_head_attention_forward: expected out_proj_weight to be a matrix, got shape {list(out_proj_weight.shape)}"
        )
    output = output.reshape(length, batch, output.shape[1])
    if not need_weights:
        return (output if batched else output.squeeze(1)), None
    shares = shares.reshape(batch, num_heads, length, -1)
    if average_attn_weights:
        shares = shares.mean(1)
    return (output, shares) if batched else (output.squeeze(1), shares.squeeze(0))


def _combined_mask(attn_mask: Any, padding: Any, batch: int, heads: int, length: int, keys: int, dtype: Any) -> Any:
    """Both masks as one of shape (batch * heads, L, S), or one that broadcasts to it."""
    attn_mask, padding = _as_numbers("attn_mask", attn_mask, dtype), _as_numbers("key_padding_mask", padding, dtype)
    if attn_mask is not None:
        if attn_mask.dim() == 2:
            attn_mask = attn_mask.unsqueeze(0)
        shapes = ((1, length, attn_mask.shape[-1]), (batch * heads, length, attn_mask.shape[-1]))
        if tuple(attn_mask.shape) not in shapes:
            raise RuntimeError(
                f"The shape of the attn_mask is {tuple(attn_mask.shape)}, but should be one of {shapes[0]}, {shapes[1]}."
            )
        attn_mask = _widened(attn_mask, keys, dtype)
    if padding is not None:
        if padding.shape[0] != batch:
            raise AssertionError(f"expecting key_padding_mask shape of {(batch, keys)}, but got {tuple(padding.shape)}")
        padding = _widened(padding, keys, dtype)
        padding = padding.reshape(batch, 1, 1, keys).expand(-1, heads, -1, -1).reshape(batch * heads, 1, keys)
    if attn_mask is None or padding is None:
        return padding if attn_mask is None else attn_mask
    return attn_mask + padding


def _widened(mask: Any, keys: int, dtype: Any) -> Any:
    """Keys that were added at the end (a bias, zeros) are seen by all."""
    missing = keys - mask.shape[-1]
    if not missing:
        return mask
    return cat([mask, full((*mask.shape[:-1], missing), 0.0, dtype=dtype)], -1)
