"""What all models have in common: what the training, the sampling and the pictures ask of them."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import tinytensor as tt
import tinytensor.nn.functional as F
from tinytensor import nn

from ..data import Vocabulary
from ..examples import Examples, WholeWords, Windows
from ..recipe import Recipe


class Model(nn.Module):
    """A language model of characters: `block_size` of them (B, block_size) in, logits (B, vocab_size) of the next out.

    A model is constructed with the size of the vocabulary and its settings, `MLP(27, n_hidden=100)`; settings are the
    arguments that have defaults, and those are the lecture's. Weights are drawn from the default generator, so that
    `tt.manual_seed` before it makes them.

    Its layers can be looked at: every nonlinearity, normalisation and softmax is a child module, so that forward hooks
    on `named_modules()` see the activations.

    Attributes:
        recipe: how it is trained: as in its lecture, in fewer steps where those do as well.
        least_batch: how many examples a minibatch needs.
        makes_words: whether words can be sampled from it.
        block_size: how many characters it looks back on.
    """

    recipe: ClassVar[Recipe] = Recipe()
    least_batch: ClassVar[int] = 1
    makes_words: ClassVar[bool] = True
    block_size: int

    @property
    def embedding(self) -> tt.Tensor | None:
        """The vectors that stand for the characters, (vocab_size, n_embd), where the model has such."""
        return None

    def examples(self, words: Sequence[str], vocabulary: Vocabulary) -> Examples:
        """What the model learns from."""
        return Windows(words, vocabulary, self.block_size)

    def splits(self, words: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> dict[str, Examples]:
        """The examples of each split of the words."""
        return {split: self.examples(part, vocabulary) for split, part in words.items()}

    def loss(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """The mean negative log likelihood of a minibatch, with the penalties of the model, if it has any."""
        loss: tt.Tensor = F.cross_entropy(self(x), y)
        return loss

    def learn(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """Looks at a minibatch: returns its loss and leaves the gradient of each parameter in `.grad`."""
        loss = self.loss(x, y)
        for p in self.parameters():
            p.grad = None
        loss.backward()
        return loss

    def calibrate(self, examples: Examples) -> None:
        """Measures what training does not follow and evaluation needs; most models have nothing such."""

    def summary(self, examples: Examples) -> str:
        """What else than the loss is worth telling; for most models nothing."""
        return ""

    def token_losses(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """The negative log likelihood of each character that is predicted, in their order, flat."""
        losses: tt.Tensor = F.cross_entropy(self(x), y, reduction="none")
        return losses

    def next_logits(self, ids: list[int]) -> tt.Tensor:
        """Logits (vocab_size,) of the character after those of a word's beginning."""
        context = ([0] * self.block_size + ids)[-self.block_size :]
        logits: tt.Tensor = self(tt.tensor([context]))[0]
        return logits

    @property
    def longest(self) -> int | None:
        """Of how many characters a word can be at most; None where nothing bounds it."""
        return None


class WordModel(Model):
    """A language model that reads whole words: (B, T) in, logits (B, T, vocab_size) out, each of the next character.

    Its loss is the mean over the characters predicted, as in the models of windows, so that the losses compare.
    `block_size` is the longest T; its setting 0 stands for what the longest of all words needs.
    """

    def examples(self, words: Sequence[str], vocabulary: Vocabulary) -> Examples:
        """Words, each with its end."""
        return WholeWords(words, vocabulary)

    def loss(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """The mean over all characters but those behind the ends."""
        logits = self(x)
        loss: tt.Tensor = F.cross_entropy(logits.view(-1, logits.shape[-1]), y.view(-1), ignore_index=-1)
        return loss

    def token_losses(self, x: tt.Tensor, y: tt.Tensor) -> tt.Tensor:
        """Word after word, without what lies behind the ends."""
        logits = self(x)
        losses = F.cross_entropy(logits.view(-1, logits.shape[-1]), y.view(-1), ignore_index=-1, reduction="none")
        kept: tt.Tensor = losses[y.view(-1) != -1]
        return kept

    def next_logits(self, ids: list[int]) -> tt.Tensor:
        """Of the last of the characters it reads."""
        logits: tt.Tensor = self(tt.tensor([[0, *ids]]))[0, -1]
        return logits

    @property
    def longest(self) -> int | None:
        """One less than `block_size`: the place before the first character is one too."""
        return self.block_size - 1
