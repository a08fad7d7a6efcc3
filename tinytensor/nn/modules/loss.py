"""Losses: one number (or one for each sample) that says how far a prediction is from its target.

`reduction` is "mean", "sum" or "none" everywhere; `size_average` and `reduce` are its older spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...tensor import Tensor
from .. import functional as F
from .distance import PairwiseDistance
from .module import Module


class _Loss(Module):
    def __init__(self, size_average: bool | None = None, reduce: bool | None = None, reduction: str = "mean") -> None:
        """Choose how the losses of the elements become one number."""
        super().__init__()
        if size_average is not None or reduce is not None:
            reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
        self.reduction = reduction


class _WeightedLoss(_Loss):
    weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Weigh classes or elements by `weight`."""
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class CrossEntropyLoss(_WeightedLoss):
    """The negative log probability of the target class, from logits.

    Shapes: logits (N, C, *) or (C), class indices (N, *) or (), or probabilities shaped as the logits.

    Examples:
        >>> tt.nn.CrossEntropyLoss()(tt.zeros(2, 4), tt.tensor([0, 3]))
        tensor(1.3863)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        """Weigh classes by `weight`, leave targets `ignore_index` out, mix `label_smoothing` of uniform in."""
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(_WeightedLoss):
    """The negative log probability of the target class, from log probabilities (N, C, *).

    Class indices are (N, *).

    Examples:
        >>> nn.NLLLoss()(tt.tensor([[0.5, 0.5], [0.2, 0.8]]).log(), tt.tensor([0, 1]))
        tensor(0.4581)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        ignore_index: int = -100,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Weigh classes by `weight`, leave targets `ignore_index` out."""
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class MSELoss(_Loss):
    """The squared difference. Shapes: any two that broadcast -> (), or the common one with `reduction="none"`.

    Examples:
        >>> nn.MSELoss()(tt.tensor([1.0, 2.0]), tt.tensor([1.0, 4.0]))
        tensor(2.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class L1Loss(_Loss):
    """The absolute difference. Shapes as for MSELoss.

    Examples:
        >>> nn.L1Loss()(tt.tensor([1.0, 2.0]), tt.tensor([1.0, 4.0]))
        tensor(1.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """Squared difference (over 2 beta) below `beta`, absolute difference (less beta / 2) above. Shapes as for MSELoss.

    Examples:
        >>> nn.SmoothL1Loss(reduction="none")(tt.tensor([0.0, 2.0]), tt.tensor([0.5, 4.0]))
        tensor([0.1250, 1.5000])
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        beta: float = 1.0,
    ) -> None:
        """Change from one to the other at `beta`."""
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """Half the squared difference below `delta`, `delta * (difference - delta / 2)` above. Shapes as for MSELoss.

    Examples:
        >>> nn.HuberLoss(delta=2.0, reduction="none")(tt.tensor([0.0, 2.0]), tt.tensor([0.5, 5.0]))
        tensor([0.1250, 4.0000])
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        """Change from one to the other at `delta`."""
        if not isinstance(delta, (float, int)):
            raise TypeError(f"delta must be a float or int, got: {type(delta)}")
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class BCELoss(_WeightedLoss):
    """Binary cross entropy of probabilities. Shapes: input and target (*) -> (), or (*) with `reduction="none"`.

    Examples:
        >>> nn.BCELoss()(tt.tensor([0.9, 0.2]), tt.tensor([1.0, 0.0]))
        tensor(0.1643)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_WeightedLoss):
    """Binary cross entropy of logits; `pos_weight` weighs the positive side. Shapes as for BCELoss.

    Examples:
        >>> nn.BCEWithLogitsLoss()(tt.tensor([2.0, -1.0]), tt.tensor([1.0, 0.0]))
        tensor(0.2201)
    """

    pos_weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        """Weigh elements by `weight`, positive targets by `pos_weight`."""
        super().__init__(weight, size_average, reduce, reduction)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class KLDivLoss(_Loss):
    """Kullback-Leibler divergence of log probabilities from a target distribution.

    Shapes: any two that broadcast -> (), or the common one with `reduction="none"`.

    Examples:
        >>> nn.KLDivLoss(reduction="batchmean")(tt.tensor([[0.5, 0.5]]).log(), tt.tensor([[0.9, 0.1]]))
        tensor(0.3681)
    """

    def __init__(
        self,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
        log_target: bool = False,
    ) -> None:
        """With `log_target` the target is given as log probabilities; `reduction` may also be "batchmean"."""
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class PoissonNLLLoss(_Loss):
    """Negative log likelihood of counts under a Poisson distribution. Shapes as for MSELoss.

    Examples:
        >>> nn.PoissonNLLLoss()(tt.tensor([0.0, 1.0]), tt.tensor([1.0, 3.0]))
        tensor(0.3591)
    """

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: bool | None = None,
        eps: float = 1e-8,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """With `log_input` the prediction is the logarithm of the rate; `full` adds Stirling's term."""
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class GaussianNLLLoss(_Loss):
    """Negative log likelihood under normal distributions with predicted variances.

    Shapes: input and target (N, *), variances the same, or with a last dimension of 1, or without it.

    Examples:
        >>> nn.GaussianNLLLoss()(tt.tensor([1.0]), tt.tensor([3.0]), tt.tensor([4.0]))
        tensor(1.1931)
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        """`full` adds the constant, `eps` is the least variance."""
        super().__init__(reduction=reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class HingeEmbeddingLoss(_Loss):
    """`x` where the target is 1, `max(0, margin - x)` where it is -1. Shapes as for MSELoss.

    Examples:
        >>> nn.HingeEmbeddingLoss(reduction="none")(tt.tensor([0.3, 0.3]), tt.tensor([1.0, -1.0]))
        tensor([0.3000, 0.7000])
    """

    def __init__(
        self,
        margin: float = 1.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Ask for a distance of `margin`."""
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class CosineEmbeddingLoss(_Loss):
    """`1 - cos` where the target is 1, `max(0, cos - margin)` where it is -1.

    Shapes: inputs (N, D) or (D,), target (N,) or ().

    Examples:
        >>> nn.CosineEmbeddingLoss()(tt.tensor([[1.0, 0.0]]), tt.tensor([[1.0, 1.0]]), tt.tensor([1]))
        tensor(0.2929)
    """

    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Tolerate a similarity of `margin`."""
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class MarginRankingLoss(_Loss):
    """`max(0, margin - target * (x1 - x2))`; the three shapes broadcast.

    Examples:
        >>> nn.MarginRankingLoss(reduction="none")(tt.ones(2), tt.tensor([3.0, 0.0]), tt.ones(2))
        tensor([2., 0.])
    """

    def __init__(
        self,
        margin: float = 0.0,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Ask for a difference of `margin`."""
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class SoftMarginLoss(_Loss):
    """`log(1 + exp(-target * x))`. Shapes as for MSELoss.

    Examples:
        >>> nn.SoftMarginLoss(reduction="none")(tt.tensor([2.0, 2.0]), tt.tensor([1.0, -1.0]))
        tensor([0.1269, 2.1269])
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class MultiMarginLoss(_WeightedLoss):
    """Hinge loss of every other class against the target class.

    Shapes: input (N, C) or (C,), target (N,) or ().

    Examples:
        >>> nn.MultiMarginLoss()(tt.tensor([[0.1, 0.2, 0.4]]), tt.tensor([2]))
        tensor(0.5000)
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Raise the hinges to the power `p`, 1 or 2."""
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError("only p == 1 and p == 2 supported")
        if weight is not None and weight.dim() != 1:
            raise ValueError(f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.dim()}D instead")
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class MultiLabelMarginLoss(_Loss):
    """Hinge loss of every other class against each of several target classes.

    Shapes: input and target (N, C) or (C,); target classes come first, up to a -1.

    Examples:
        >>> nn.MultiLabelMarginLoss()(tt.tensor([[0.1, 0.2, 0.4]]), tt.tensor([[2, 0, -1]]))
        tensor(0.6333)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """Mean over the classes of the binary cross entropy of logits.

    Shapes: input and target (*, C); with `reduction="none"` the result is (*).

    Examples:
        >>> nn.MultiLabelSoftMarginLoss()(tt.tensor([[2.0, -1.0]]), tt.tensor([[1.0, 0.0]]))
        tensor(0.2201)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)


class TripletMarginLoss(_Loss):
    """`max(0, distance to the positive - distance to the negative + margin)`.

    Shapes: anchor, positive and negative (N, D) or (D,).

    Examples:
        >>> nn.TripletMarginLoss()(tt.zeros(1, 2), tt.tensor([[3.0, 4.0]]), tt.tensor([[0.0, 2.0]]))
        tensor(4.0000)
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        size_average: bool | None = None,
        reduce: bool | None = None,
        reduction: str = "mean",
    ) -> None:
        """Measure in the norm `p`; with `swap` the negative may count from the positive."""
        super().__init__(size_average, reduce, reduction)
        if margin <= 0:
            raise ValueError(f"TripletMarginLoss: expected margin to be greater than 0, got {margin} instead")
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(_Loss):
    """TripletMarginLoss with a distance of one's own, of (N, D) and (N, D) -> (N,).

    Examples:
        >>> loss = nn.TripletMarginWithDistanceLoss(distance_function=nn.PairwiseDistance(p=1))
        >>> loss(tt.zeros(1, 2), tt.tensor([[3.0, 4.0]]), tt.tensor([[0.0, 2.0]]))
        tensor(6.0000)
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        """Measure with `distance_function`, the Euclidean distance if it is None."""
        super().__init__(reduction=reduction)
        if margin <= 0:
            raise ValueError(
                f"TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} instead"
            )
        self.distance_function: Any = PairwiseDistance() if distance_function is None else distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )


class CTCLoss(_Loss):
    """How unlikely targets are, over all alignments of their classes with the steps of the input.

    Shapes: log_probs (T, N, C) or (T, C), targets (N, S) or of all one behind the other, lengths (N).

    Examples:
        >>> nn.CTCLoss()(tt.full((4, 1, 3), 1 / 3).log(), tt.tensor([[1, 2]]), [4], [2])
        tensor(0.8432)
    """

    def __init__(self, blank: int = 0, reduction: str = "mean", zero_infinity: bool = False) -> None:
        """Spell with the class `blank` between others; with `zero_infinity` leave out targets that are too long."""
        super().__init__(reduction=reduction)
        self.blank = blank
        self.zero_infinity = zero_infinity

    def forward(
        self,
        log_probs: Tensor,
        targets: Tensor,
        input_lengths: Tensor | Sequence[int],
        target_lengths: Tensor | Sequence[int],
    ) -> Tensor:
        return F.ctc_loss(
            log_probs, targets, input_lengths, target_lengths, self.blank, self.reduction, self.zero_infinity
        )
