"""The command line: makemore train, makemore sample."""

import argparse
import io
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import tinytensor as tt

from .data import NAMES, Vocabulary, build_dataset, read_words, split_words
from .errors import Problem
from .progress import Progress
from .sampling import LONGEST, sample_words
from .training import Recipe, split_loss, train


def main(arguments: list[str] | None = None) -> int:
    """Runs one command and returns its exit code: 0, 1 for a problem, 2 for a wrong command line, 130 for Ctrl-C."""
    options = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    try:
        if options.threads is not None:
            tt.set_num_threads(options.threads)
        options.run(options)
        sys.stdout.flush()
        return 0
    except Problem as problem:
        return complain(str(problem), 1)
    except ModuleNotFoundError as missing:
        return complain(f"needs the package {missing.name}, which comes with the extra: pip install '.[makemore]'", 1)
    except MemoryError:
        return complain("not enough memory for a model or a word list of this size", 1)
    except KeyboardInterrupt:
        return complain("interrupted", 130)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def complain(message: str, code: int) -> int:
    """One line on stderr."""
    print(f"makemore: {message}", file=sys.stderr)
    return code


def train_command(options: argparse.Namespace) -> None:
    """Trains a model, tells its losses, keeps it and prints some words of its making."""
    from . import checkpoint  # needs safetensors, which the engine itself does without

    words = read_words(options.data)
    vocabulary = Vocabulary.of(words)
    settings = {"block_size": options.block_size, "n_embd": options.embedding, "n_hidden": options.hidden}
    recipe = Recipe(options.steps, options.batch_size, options.lr)
    generator = tt.Generator().manual_seed(options.seed)
    splits = [build_dataset(part, vocabulary, options.block_size) for part in split_words(words)]
    model = checkpoint.build(options.model, settings, vocabulary, generator)
    out = options.out or Path("runs") / options.model

    sizes = " + ".join(f"{len(y):,}" for _, y in splits)
    print(f"data     {len(words):,} words, {len(vocabulary)} characters, {sizes} examples (train + dev + test)")
    print(f"model    {options.model}, {sum(p.numel() for p in model.parameters()):,} parameters")

    checkpoint.prepare(out)
    try:
        with Progress(recipe.steps) as progress:
            train(model, *splits[0], recipe, generator, watch=progress)
        losses = {"train_loss": split_loss(model, *splits[0]), "dev_loss": split_loss(model, *splits[1])}
        training = {"data": options.data.name, "words": len(words), "seed": options.seed, **asdict(recipe), **losses}
        checkpoint.save(checkpoint.Checkpoint(options.model, settings, vocabulary, model, training), out)
    except BaseException:
        checkpoint.discard(out)
        raise

    rate = recipe.steps / max(progress.seconds, 1e-9)
    print(f"trained  {recipe.steps:,} steps in {progress.seconds:.1f} s, {rate:,.0f} steps/s")
    print(f"loss     train {losses['train_loss']:.4f}, dev {losses['dev_loss']:.4f}")
    print(f"kept in  {out}\n")
    for word in sample_words(model, vocabulary):
        print(word)


def sample_command(options: argparse.Namespace) -> None:
    """Prints words made by a trained model."""
    from . import checkpoint

    kept = checkpoint.load(options.checkpoint)
    if len(options.prefix) > LONGEST:
        raise Problem(f"the prefix has {len(options.prefix)} characters: at most {LONGEST} are possible")
    words = sample_words(kept.model, kept.vocabulary, options.count, options.seed, options.prefix, options.temperature)
    for word in words:
        print(word)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(prog="makemore", description="Learns a list of words and makes more like them.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text, formatter_class=HelpWithDefaults)
        sub.set_defaults(run=run)
        sub.add_argument(
            "--threads", type=whole(1), metavar="N", help="threads of the engine (default: its own choice)"
        )
        return sub

    seed = whole(0, 2**63 - 1)

    sub = command("train", train_command, "Train a model on a list of words, print its losses and 20 new words.")
    sub.add_argument("--data", type=Path, default=NAMES, metavar="FILE", help="UTF-8 text, one word a line")
    sub.add_argument("--out", type=Path, metavar="DIR", help="where the checkpoint goes (default: runs/MODEL)")
    sub.add_argument("--model", choices=["mlp"], default="mlp", help="which model")
    sub.add_argument("--steps", type=whole(1), default=200_000, metavar="N", help="minibatches to train on")
    sub.add_argument("--batch-size", type=whole(1), default=32, metavar="N", help="examples in a minibatch")
    sub.add_argument(
        "--lr", type=number(1e-38, 1e38), default=0.1, help="learning rate; a tenth of it for the second half"
    )
    sub.add_argument("--block-size", type=whole(1, 100), default=3, metavar="N", help="characters of context")
    sub.add_argument("--embedding", type=whole(1), default=10, metavar="N", help="numbers that stand for a character")
    sub.add_argument("--hidden", type=whole(1), default=200, metavar="N", help="units of the hidden layer")
    sub.add_argument("--seed", type=seed, default=2147483647, metavar="N", help="of weights and minibatches")

    sub = command("sample", sample_command, "Print new words from a trained model.")
    sub.add_argument("checkpoint", type=Path, metavar="CHECKPOINT", help="directory that `makemore train` wrote")
    sub.add_argument("--count", type=whole(0), default=20, metavar="N", help="how many words")
    sub.add_argument("--prefix", default="", metavar="TEXT", help="how every word begins")
    sub.add_argument(
        "--temperature", type=number(0.01, 100), default=1.0, metavar="T", help="below 1: likelier characters"
    )
    sub.add_argument("--seed", type=seed, default=2147483647 + 10, metavar="N", help="of the draws")
    return top


class HelpWithDefaults(argparse.ArgumentDefaultsHelpFormatter):
    """Shows the defaults that say something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default in (None, "", NAMES):
            return action.help
        return super()._get_help_string(action)


def whole(least: int, most: int | None = None) -> Callable[[str], int]:
    """An argument type: an integer within bounds."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if value < least or (most is not None and value > most):
            bounds = f"at least {least}" if most is None else f"between {least} and {most}"
            raise argparse.ArgumentTypeError(f"{value} is not {bounds}")
        return value

    return parse


def number(least: float, most: float) -> Callable[[str], float]:
    """An argument type: a number within bounds."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
        if not least <= value <= most:  # catches nan as well
            raise argparse.ArgumentTypeError(f"{text} is not between {least:g} and {most:g}")
        return value

    return parse


if __name__ == "__main__":
    sys.exit(main())
