"""A softmax over many classes that is cheap for the frequent ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ...ops.creation import empty
from ...tensor import Tensor
from .. import functional as F
from .container import ModuleList, Sequential
from .linear import Linear
from .module import Module


class ASMoutput(NamedTuple):
    """The log probability of each target, and the mean of their negatives."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """Log probabilities of classes that are ordered by falling frequency.

    The head tells the most frequent classes apart, and the clusters of the others from each other; each cluster has a
    tail of its own, of fewer features the rarer it is, that is computed only for its own targets. E. Grave et al.,
    "Efficient softmax approximation for GPUs", 2017.

    Shapes: input (N, in_features) or (in_features), target (N) or () -> (output as target, loss ()).

    Examples:
        >>> _ = tt.manual_seed(0)
        >>> model = nn.AdaptiveLogSoftmaxWithLoss(8, 20, cutoffs=[5, 10], div_value=2.0)
        >>> output, loss = model(tt.ones(3, 8), tt.tensor([0, 7, 19]))
        >>> output.shape, model.log_prob(tt.ones(3, 8)).shape
        (torch.Size([3]), torch.Size([3, 20]))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        """Cut `n_classes` into clusters at `cutoffs`; each has 1/`div_value` of the features of the one before."""
        super().__init__()
        cutoffs = list(cutoffs)
        if not cutoffs:
            raise ValueError("cutoffs should be a sequence of length larger than 0")
        if (
            any(int(c) != c for c in cutoffs)
            or cutoffs != sorted(set(cutoffs))
            or not 0 < cutoffs[0] <= cutoffs[-1] < n_classes
        ):
            raise ValueError(
                "cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each "
                "value is between 1 and n_classes-1"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*cutoffs, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        kind = {"device": device, "dtype": dtype}
        self.head = Linear(in_features, self.head_size, bias=head_bias, **kind)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            features = int(in_features // div_value ** (i + 1))
            classes = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(
                Sequential(
                    Linear(in_features, features, bias=False, **kind), Linear(features, classes, bias=False, **kind)
                )
            )

    def reset_parameters(self) -> None:
        """Draw the parameters anew."""
        self.head.reset_parameters()
        for first, second in self.tail:
            first.reset_parameters()
            second.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> ASMoutput:
        if target_.ndim > 1:
            raise RuntimeError("0D or 1D target tensor expected, multi-target not supported")
        if input_.ndim != target_.ndim + 1 or (target_.ndim and input_.shape[0] != target_.shape[0]):
            raise RuntimeError("Input and target should have the same size in the batch dimension.")
        single = target_.ndim == 0
        input, target = (input_.unsqueeze(0), target_.unsqueeze(0)) if single else (input_, target_)
        if target.numel() and not 0 <= int(target.min()) <= int(target.max()) < self.n_classes:
            raise RuntimeError(
                f"Target values should be in [0, {self.n_classes - 1}], but values in range "
                f"[{int(target.min())}, {int(target.max())}] were found. "
            )
        of_head = target.clone()
        tails = []
        for i in range(self.n_clusters):
            low, high = self.cutoffs[i : i + 2]
            rows = ((target >= low) & (target < high)).nonzero().squeeze(1)
            if rows.numel():
                of_head.index_fill_(0, rows, self.shortlist_size + i)
                within = (target.index_select(0, rows) - low).unsqueeze(1)
                tails.append((rows, F.log_softmax(self.tail[i](input.index_select(0, rows)), 1).gather(1, within)))
        output = F.log_softmax(self.head(input), 1).gather(1, of_head.unsqueeze(1)).squeeze(1)
        for rows, log_probs in tails:
            output = output.index_add(0, rows, log_probs.squeeze(1))
        return ASMoutput(output.squeeze(0) if single else output, -output.mean())

    def log_prob(self, input: Tensor) -> Tensor:
        """The log probabilities of all classes: (N, in_features) -> (N, n_classes)."""
        head = F.log_softmax(self.head(input), 1)
        y = empty((input.shape[0], self.n_classes), dtype=head.dtype)
        y[:, : self.shortlist_size] = head[:, : self.shortlist_size]
        for i in range(self.n_clusters):
            low, high = self.cutoffs[i : i + 2]
            cluster = head[:, self.shortlist_size + i].unsqueeze(1)
            y[:, low:high] = F.log_softmax(self.tail[i](input), 1) + cluster
        return y

    def predict(self, input: Tensor) -> Tensor:
        """The likeliest class of each row: (N, in_features) -> (N)."""
        return self.log_prob(input).argmax(1)
