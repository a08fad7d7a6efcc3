"""What all models have in common."""

from tinytensor import nn


class Model(nn.Module):
    """Turns contexts (B, block_size) into logits (B, vocab_size)."""

    block_size: int
