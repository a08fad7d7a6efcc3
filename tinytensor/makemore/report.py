"""The page that `makemore diagnose` writes: the pictures of a training and what they say, in one file of HTML.

Nothing is loaded from elsewhere: pictures are inline SVG, styles inline CSS, scripts there are none.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .diagnosis import Diagnosis
from .findings import ORDER, Finding, Verdict, worst
from .gallery import PICTURES
from .pictures.canvas import INK, render
from .pictures.layers import layer_statistics

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
SIGNS: dict[Verdict, str] = {"healthy": "✓", "worth a look": "!", "unhealthy": "✗", "for information": "i"}
PAGE = 690.0  # points: the width of a picture on a wide screen
WORDS = 12  # shown of the model's making
LONGEST_WORD = 30  # characters of one that are shown

STYLE = """
:root { color-scheme: light dark; --ink: #22272e; --paper: #fff; --faint: #57606a; --line: #d0d7de; --card: #f6f8fa;
  --good: #1a7f37; --fair: #8a5a00; --poor: #c22b32; --link: #0860ca }
@media (prefers-color-scheme: dark) { :root { --ink: #d6dde5; --paper: #0d1117; --faint: #9aa4af; --line: #30363d;
  --card: #161b22; --good: #4cc26a; --fair: #dba02f; --poor: #ff7b72; --link: #6cb6ff } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.6rem; line-height: 1.2 } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem }
a { color: var(--link) } p { margin: .5rem 0; max-width: 46rem }
.scroll { overflow-x: auto } figure { margin: 0 } svg { display: block; height: auto; color: var(--ink) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line) }
td.number, th.number { text-align: right }
.words { font-family: ui-monospace, monospace; color: var(--faint) }
.verdict { font-weight: 600; white-space: nowrap } .faint { color: var(--faint) }
.healthy { color: var(--good) } .worth-a-look { color: var(--fair) } .unhealthy { color: var(--poor) }
.for-information { color: var(--faint) }
figcaption { padding: .25rem .9rem; margin-top: .5rem; background: var(--card); border-left: 4px solid; border-radius: 3px }
figcaption p { color: var(--ink) }
"""


def report(d: Diagnosis) -> str:
    """The page."""
    kinds = [kind for kind, picture in PICTURES.items() if not picture.lacks(d)]
    said = {kind: PICTURES[kind].judge(d) for kind in kinds}
    sections = "".join(_section(kind, d, said[kind]) for kind in kinds)
    title = f"{d.name}, looked at from inside"
    verdict = worst([finding.verdict for finding in said.values()])
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{html.escape(title)}</h1>
{_facts(d)}
<p>Overall: {_badge(verdict)}</p>
{_overview(said)}
{sections}{_left_out(d)}
</main>
</body>
</html>
"""


def _left_out(d: Diagnosis) -> str:
    """Which pictures there are none of, and why."""
    lacking: dict[str, list[str]] = {}
    for picture in PICTURES.values():
        if lack := picture.lacks(d):
            lacking.setdefault(lack, []).append(picture.title)
    reasons = "; ".join(f"{', '.join(titles)} (no {lack})" for lack, titles in lacking.items())
    return f'<p class="faint">Left out: {html.escape(reasons)}.</p>' if reasons else ""


def _facts(d: Diagnosis) -> str:
    """What was trained, and what it makes."""
    run = d.trained
    count = sum(p.numel() for p in run.model.parameters())
    total = sum(map(len, run.words.values()))
    facts = [
        f"{count:,} parameters; "
        + (f"{len(run.vocabulary)} characters; {total:,} words; " if d.reads_words else "")
        + f"seed {run.description.seed}.",
        _training(d),
    ]
    settings = ", ".join(f"{name} {value}" for name, value in run.description.settings.items())
    words = " ".join(_shortened(word) for word in run.sample(WORDS)) if d.reads_words else ""
    return (
        "".join(f"<p>{html.escape(fact)}</p>" for fact in facts)
        + (f'<p class="faint">Settings: {html.escape(settings)}.</p>' if settings else "")
        + (f'<p>Words it makes: <span class="words">{html.escape(words)}</span></p>' if words else "")
    )


def _shortened(word: str) -> str:
    """A model that has not learned where words end makes very long ones."""
    return word if len(word) <= LONGEST_WORD else word[:LONGEST_WORD] + "..."


def _training(d: Diagnosis) -> str:
    """How it was trained, and what came out."""
    run, recipe = d.trained, d.run.description.recipe
    text = "Counted in one step."
    if d.learns:
        text = f"{run.trainer.step:,} of {recipe.steps:,} steps, {recipe.optimizer} with learning rate {recipe.lr:g} "
        text += f"({recipe.schedule}), "
        text += f"minibatches of {recipe.batch_size}." if recipe.batch_size else "all examples in every step."
        text += f" The first {d.steps:,} steps were repeated to look inside." if d.trained_before else ""
    results = ", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in run.description.results.items())
    return text + (f" Results: {results}." if results else "")


def _overview(said: dict[str, Finding]) -> str:
    """A line for each picture, the gravest first."""
    rows = sorted(said.items(), key=lambda item: -ORDER.index(item[1].verdict))
    return _table(
        ["picture", "verdict"],
        [[f'<a href="#{kind}">{PICTURES[kind].title}</a>', _badge(finding.verdict)] for kind, finding in rows],
    )


def _section(kind: str, d: Diagnosis, finding: Finding) -> str:
    title = PICTURES[kind].title
    picture = inline_svg(PICTURES[kind].draw(d), kind, f"{title}. {finding.here}")
    numbers = _layer_table(d, kind)
    return f"""<section id="{kind}">
<h2>{html.escape(title)}</h2>
<figure>
<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(title)}, picture">{picture}</div>
<figcaption class="{finding.verdict.replace(" ", "-")}">
<p>{_badge(finding.verdict)} {html.escape(finding.here)}</p>
<p class="faint">Healthy: {html.escape(finding.healthy)}</p>
</figcaption>
</figure>
{numbers}</section>
"""


def _layer_table(d: Diagnosis, kind: str) -> str:
    """The lectures' table, under the histograms."""
    if kind not in ("activations", "gradients"):
        return ""
    heads = ["layer", "mean", "std"] + (["saturated"] if kind == "activations" and d.start.flattening else [])
    values, form = (d.start.activations, "+.2f") if kind == "activations" else (d.start.gradients, "+.2e")
    rows = []
    for s in layer_statistics(values, kinds=d.start.kinds):
        flat = f"{s.saturation:.2%}" if s.saturation == s.saturation else ""
        rows.append([html.escape(s.name), f"{s.mean:{form}}", f"{s.std:{form[1:]}}", flat][: len(heads)])
    return f'<div class="scroll">{_table(heads, rows, numbers=True)}</div>'


def _table(heads: list[str], rows: Iterable[list[str]], numbers: bool = False) -> str:
    def style(column: int) -> str:
        return ' class="number"' if numbers and column else ""

    head = "".join(f'<th scope="col"{style(i)}>{text}</th>' for i, text in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(f'<td{style(i)}>{cell}</td>' for i, cell in enumerate(cells))}</tr>\n" for cells in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _badge(verdict: Verdict) -> str:
    sign = f'<span aria-hidden="true">{SIGNS[verdict]}</span>'
    return f'<span class="verdict {verdict.replace(" ", "-")}">{sign} {verdict}</span>'


def inline_svg(figure: Figure, name: str, alt: str) -> str:
    """A figure as an SVG element of a page: with a text for those who do not see it, in the page's text colour.

    Args:
        figure: what to draw.
        name: told apart by it, several figures share a page.
        alt: the text.
    """
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(render(figure, "svg", salt=name, background="none"))
    for tag in ("metadata", "defs"):  # descriptions that point elsewhere; a style that would reach the whole page
        for child in root.findall(f"{{{SVG}}}{tag}"):
            if tag == "metadata" or child.find(f"{{{SVG}}}style") is not None:
                root.remove(child)
    used = set(re.findall(r"#([\w-]+)", " ".join(value for e in root.iter() for value in e.attrib.values())))
    for element in root.iter():
        if element.get("id", "") not in used:
            element.attrib.pop("id", None)
    width = float(figure.get_figwidth()) * 72
    least = 0.66 * width if width > 480 else min(width, 340)
    least = PAGE if 0.55 * width < PAGE < least else least  # a little smaller, rather than cut off
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("style", f"width:100%;max-width:{width:.0f}pt;min-width:{least:.0f}pt;stroke-linejoin:round")
    root.set("role", "img")
    root.set("aria-label", alt)
    text = ET.tostring(root, encoding="unicode").replace(INK, "currentColor")
    return re.sub(r' xmlns(:\w+)?="[^"]*"', "", text)
