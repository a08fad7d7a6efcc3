"""A search along a line for a point that meets the strong Wolfe conditions (Nocedal and Wright, chapter 3)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from ..tensor import Tensor

Evaluate = Callable[[Any, Tensor], tuple[float, Tensor]]


class Point(NamedTuple):
    """A length along the line, with loss, slope and gradient there."""

    t: float
    loss: float
    slope: float
    gradient: Tensor


def cubic_minimum(p: Point, q: Point, bounds: tuple[float, float]) -> float:
    """The minimum, within bounds, of the cubic with the losses and slopes of two points."""
    low, high = bounds
    a, b = (p, q) if p.t <= q.t else (q, p)
    d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t)
    square = d1**2 - a.slope * b.slope
    if not square >= 0:
        return (low + high) / 2.0
    d2 = math.sqrt(square)
    at = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
    return min(max(at, low), high)


class Search:
    """The conditions, the evaluations so far, and the point the line starts from."""

    def __init__(self, evaluate: Evaluate, d: Tensor, start: Point, c1: float, c2: float, max_ls: int) -> None:
        self._evaluate, self._d, self._c1, self._c2 = evaluate, d, c1, c2
        self.start, self.evaluations, self.max_evaluations = start, 0, max_ls + 1

    def at(self, t: float) -> Point:
        """Evaluates at a length."""
        loss, gradient = self._evaluate(t, self._d)
        self.evaluations += 1
        return Point(t, loss, float(gradient.dot(self._d)), gradient.clone())

    def too_high(self, p: Point) -> bool:
        """Whether the loss decreased less than the first condition asks for."""
        return p.loss > self.start.loss + self._c1 * p.t * self.start.slope

    def flat(self, p: Point) -> bool:
        """Whether the slope meets the second condition."""
        return abs(p.slope) <= -self._c2 * self.start.slope

    def bracket(self, t: float) -> tuple[Point, Point | None]:
        """Two points that enclose what is searched for, or one that is it."""
        last, p = self.start, self.at(t)
        while self.evaluations < self.max_evaluations:
            worse = self.too_high(p) or (self.evaluations > 2 and p.loss >= last.loss)
            if not worse and self.flat(p):
                return p, None
            if worse or p.slope >= 0:
                return last, p
            bounds = (p.t + 0.01 * (p.t - last.t), p.t * 10)
            last, p = p, self.at(cubic_minimum(last, p, bounds))
        return self.start, p

    def zoom(self, a: Point, b: Point, smallest: float) -> Point:
        """The point between two that meets both conditions, or the better end when the bracket or patience ends."""
        near_an_end = False
        while self.evaluations < self.max_evaluations and abs(b.t - a.t) >= smallest:
            left, right = sorted((a.t, b.t))
            t, margin = cubic_minimum(a, b, (left, right)), 0.1 * (right - left)
            if min(right - t, t - left) >= margin:
                near_an_end = False
            elif near_an_end or t >= right or t <= left:  # twice in a row: a tenth inside the bracket
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                near_an_end = False
            else:
                near_an_end = True
            p, better = self.at(t), min(a, b, key=lambda end: end.loss)
            other = b if better is a else a
            if self.too_high(p) or p.loss >= better.loss:
                a, b = better, p
            elif self.flat(p):
                return p
            else:
                a, b = p, better if p.slope * (other.t - better.t) >= 0 else other
        return min(a, b, key=lambda end: end.loss)


def strong_wolfe(
    evaluate: Evaluate,
    t: float,
    d: Tensor,
    f: float,
    g: Tensor,
    slope: Any,
    c1: float = 1e-4,
    c2: float = 0.9,
    tolerance_change: float = 1e-9,
    max_ls: int = 25,
) -> tuple[float, Tensor, float, int]:
    """Loss, gradient and length of a step along d that decreases the loss and flattens the slope enough.

    Args:
        evaluate: loss and gradient at a length along a direction.
        t: the first length to try.
        d: the direction.
        f: loss at length 0.
        g: gradient there.
        slope: slope there, negative.
        c1: what share of the first slope the loss has to decrease by.
        c2: what share of the first slope may be left.
        tolerance_change: the smallest bracket.
        max_ls: the most evaluations after the first.

    Returns:
        (loss, gradient, length, number of evaluations).
    """
    search = Search(evaluate, d, Point(0.0, f, float(slope), g.clone()), c1, c2, max_ls)
    p, end = search.bracket(t)
    if end is not None:
        p = search.zoom(p, end, tolerance_change / float(d.abs().max()))
    return p.loss, p.gradient, p.t, search.evaluations
