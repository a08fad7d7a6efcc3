"""The pictures show the numbers they were given. What is drawn is asked of the figure, not of its pixels."""

import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

import tinytensor as tt

pytest.importorskip("matplotlib")

from tinytensor.makemore import Problem, pictures
from tinytensor.makemore.pictures.curves import window_means
from tinytensor.makemore.pictures.layout import lay_out


def curves(figure: Any) -> dict[str, Any]:
    """The lines of the only axes, by label."""
    return {line.get_label(): line for line in figure.axes[0].lines}


def texts(figure: Any) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_bigram_chart() -> None:
    counts = tt.tensor([[0, 3, 12345], [1, 0, 2_500_000], [7, 0, 99]])
    figure = pictures.bigram_chart(counts, [".", "a", "b"])
    assert texts(figure)[:6] == ["..", "0", ".a", "3", ".b", "12.3k"]
    assert texts(figure)[10:12] == ["ab", "2.5M"]
    assert figure.axes[0].images[0].get_array().tolist() == counts.tolist()
    with pytest.raises(ValueError, match=r"expected counts of shape \(2, 2\), got \(3, 3\)"):
        pictures.bigram_chart(counts, [".", "a"])
    assert not texts(pictures.bigram_chart(np.ones((80, 80)), "x" * 80))  # no room for text


def test_loss_curve() -> None:
    losses = np.array([4.0, 2.0, 1.0, 1.0, 0.5])
    lines = curves(pictures.loss_curve(losses, window=2, evaluations={"dev": [(5, 1.5)]}, uniform=3.3))
    assert np.allclose(lines["each step"].get_ydata(), np.log10(losses))
    smooth = lines["mean of 2 steps"]
    assert np.allclose(smooth.get_ydata(), [np.log10(8) / 2, 0, np.log10(0.5)])
    assert smooth.get_xdata().tolist() == [1.5, 3.5, 5]
    assert np.allclose(lines["dev"].get_ydata(), np.log10(1.5))
    assert np.allclose(lines["uniform guess"].get_ydata(), np.log10(3.3))
    plain = curves(pictures.loss_curve(tt.tensor([2.0, 1.0]), steps=[200, 400], window=1, log10=False))
    assert plain.keys() == {"mean of 200 steps"}
    assert plain["mean of 200 steps"].get_ydata().tolist() == [2, 1]
    figure = pictures.loss_curve([2.0, 0.02], evaluations={"train": [(2, 0.0)], "dev": [(1, 3.0), (2, 0.0)]})
    lines = curves(figure)
    assert "train" not in lines and np.isnan(lines["dev"].get_ydata()[1])  # 0 has no logarithm
    _, right = figure.axes
    labels = [label.get_text() for label in right.get_yticklabels()]
    assert labels == ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]
    assert np.allclose(right.get_yticks(), np.log10([float(label) for label in labels]))
    with pytest.raises(ValueError, match="got 0 losses"):
        pictures.loss_curve([])
    assert window_means(np.arange(7), 3).tolist() == [1, 4, 6]


def test_learning_rate_sweep() -> None:
    rates = 10 ** np.linspace(-3, 0, 31)
    losses = (np.log10(rates) + 1) ** 2 + 2
    losses[-1] = np.nan
    lines = curves(pictures.learning_rate_sweep(rates, losses))
    assert np.allclose(lines["least at 0.1"].get_xdata(), 0.1)
    assert len(lines["each step"].get_xdata()) == 30
    assert "least at 200" in curves(pictures.learning_rate_sweep([100, 200, 300], [3.0, 1.0, 2.0]))
    given = curves(pictures.learning_rate_sweep(rates, losses, smooth=np.arange(31)))
    assert given["smoothed"].get_ydata().tolist() == list(range(31))
    with pytest.raises(ValueError, match="no loss is finite"):
        pictures.learning_rate_sweep([0.1], [np.inf])
    with pytest.raises(ValueError, match="2 rates and 1 losses"):
        pictures.learning_rate_sweep([0.1, 1], [2.0])


def test_update_ratios() -> None:
    figure = pictures.update_ratios({"W1": [-3.1, -2.9], "W2": [-np.inf, -2.5]})
    lines = curves(figure)
    assert lines["W1"].get_ydata().tolist() == [-3.1, -2.9]
    assert np.isnan(lines["W2"].get_ydata()[0])
    assert set(lines["-3"].get_ydata()) == {-3.0}
    many = pictures.update_ratios({f"W{i}": [-3.0] for i in range(12)})
    assert [text.get_text() for text in many.legends[0].get_texts()] == ["-3", "12 parameters"]
    with pytest.raises(ValueError, match="no parameter"):
        pictures.update_ratios({})


def test_embedding_chart() -> None:
    e = tt.tensor([[0.0, 1.0], [2.0, 3.0], [-1.0, 0.5]])
    figure = pictures.embedding_chart(e, ".ab")
    assert texts(figure) == [".", "a", "b"]
    assert figure.axes[0].collections[0].get_offsets().tolist() == e.tolist()
    wide = np.random.default_rng(0).standard_normal((9, 5)) * [1, 9, 1, 3, 1]
    projected, share = pictures.principal_components(wide)
    drawn = pictures.embedding_chart(wide, "abcdefghi").axes[0].collections[0].get_offsets()
    assert np.allclose(drawn, projected)
    variances = np.linalg.eigvalsh(np.cov(wide.T))[::-1]
    assert np.allclose(projected.var(axis=0, ddof=1), variances[:2])
    assert np.allclose(share, variances[:2] / variances.sum())
    first = pictures.embedding_chart(wide, "abcdefghi", project=False).axes[0].collections[0].get_offsets()
    assert np.allclose(first, wide[:, :2])
    with pytest.raises(ValueError, match="at least 2"):
        pictures.embedding_chart(np.ones((3, 1)), "abc")
    with pytest.raises(ValueError, match="3 rows and 2 characters"):
        pictures.embedding_chart(e, ".a")


def test_histograms() -> None:
    h = {"tanh": tt.tensor([[0.98, -1.0], [0.0, 0.5]]), "sigmoid": np.array([[0.5, 0.999]]), "gelu": np.ones((3, 2))}
    kinds: Any = {"sigmoid": "sigmoid", "gelu": "other"}
    tanh, sigmoid, gelu = pictures.layer_statistics(h, kinds=kinds)
    assert (tanh.mean, tanh.saturation, sigmoid.saturation) == (pytest.approx(0.12), 0.5, 0.5)
    assert tanh.std == pytest.approx(np.std([0.98, -1, 0, 0.5], ddof=1))
    assert np.isnan(gelu.saturation)
    labels = pictures.activation_histograms(h, kinds=kinds).legends[0].get_texts()
    legend = [label.get_text().replace("\N{NO-BREAK SPACE}", " ") for label in labels]
    assert legend[0] == "tanh     mean +0.12  std 0.85  saturated 50.00%"
    assert legend[2] == "gelu     mean +1.00  std 0.00"
    (line,) = pictures.gradient_histograms({"W": np.linspace(-1e-3, 1e-3, 801)}).axes[0].lines
    x, density = line.get_data()
    assert np.sum(density) * (x[1] - x[0]) == pytest.approx(1)
    with pytest.raises(ValueError, match="no layer"):
        pictures.activation_histograms({})


def test_saturation_map() -> None:
    h = tt.tensor([[1.0, 0.2, -0.995], [-1.0, 0.3, 0.5]])
    assert pictures.dead_units(h).tolist() == [0]
    figure = pictures.saturation_map(h)
    assert figure.axes[0].images[0].get_array().tolist() == [[True, False, True], [True, False, False]]
    assert figure.axes[0].get_title("left") == "|h| > 0.99 in white: 50.0% of 2 x 3; dead units: 1"
    assert figure.axes[0].lines[0].get_xdata().tolist() == [0]
    some = pictures.saturation_map(np.repeat(np.array([[1.0], [0.0]]), 500, axis=0), layer="tanh", rows=10)
    assert some.axes[0].get_title("left") == "tanh: |h| > 0.99 in white: 50.0% of 1000 x 1; dead units: 0"
    drawn = some.axes[0].images[0].get_array()[:, 0].tolist()
    assert len(drawn) == 10 and drawn == sorted(drawn, reverse=True) and 0 < sum(drawn) < 10  # in their order
    relu = np.array([[0.0, 2.0], [0.0, 0.0]])
    assert pictures.dead_units(relu, kind="relu").tolist() == [0]
    assert pictures.dead_units(np.array([[0.001], [0.999]]), kind="sigmoid").tolist() == [0]
    with pytest.raises(ValueError, match="examples, units"):
        pictures.saturation_map(np.ones(3))


def test_decision_boundary() -> None:
    x1, x2 = np.linspace(-1, 1, 5), np.linspace(0, 1, 3)
    scores = np.tile(x1 - 0.25, (3, 1))
    points, labels = np.array([[-1.0, 0.5], [1.0, 0.5], [0.5, 0.0]]), tt.tensor([-1.0, 1.0, 1.0])
    figure = pictures.decision_boundary(x1, x2, scores, points, labels)
    sides, line, negative, positive = figure.axes[0].collections
    assert len(sides.get_paths()) == 2
    assert np.allclose(line.get_paths()[0].vertices[:, 0], 0.25)
    assert negative.get_offsets().tolist() == [[-1.0, 0.5]] and positive.get_offsets().tolist() == [[1, 0.5], [0.5, 0]]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["-1", "1"]
    with pytest.raises(ValueError, match=r"scores of shape \(3, 5\), got \(5, 3\)"):
        pictures.decision_boundary(x1, x2, scores.T, points, labels)
    with pytest.raises(ValueError, match=r"points of shape \(3, 2\), got \(2, 2\)"):
        pictures.decision_boundary(x1, x2, scores, points[:2], labels)


def test_attention_maps() -> None:
    weights = np.tril(np.ones((2, 3, 3)))
    weights /= weights.sum(-1, keepdims=True)
    figure = pictures.attention_maps({"block 1": weights, "block 2": tt.from_numpy(weights)}, ".ab")
    assert [axes.get_title() for axes in figure.axes] == ["head 1", "head 2"] * 2
    assert [axes.get_ylabel() for axes in figure.axes] == ["block 1", "", "block 2", ""]
    assert np.array_equal(figure.axes[3].images[0].get_array(), weights[1])
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == [".", "a", "b"]
    with pytest.raises(ValueError, match=r"expected \(heads, 2, 2\), got \(2, 3, 3\)"):
        pictures.attention_maps({"block 1": weights}, ".a")


def lecture_expression() -> tuple[Any, Any, dict[str, Any]]:
    """The neuron of the first lecture."""
    values = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
    leaves: dict[str, Any] = {name: tt.tensor(v, requires_grad=True) for name, v in values.items()}
    with pictures.Trace() as trace:
        n = leaves["x1"] * leaves["w1"] + leaves["x2"] * leaves["w2"] + leaves["b"]
        o = n.tanh()
    o.backward()
    return o, trace, leaves | {"n": n, "o": o}


@pytest.mark.parametrize("graphviz", [False, None])
def test_expression_graph(graphviz: bool | None) -> None:
    o, trace, names = lecture_expression()
    node = trace.expression(o, names)
    assert (node.label, node.op, node.data, node.grad) == ("o", "tanh", "0.7071", "1.0000")
    (n,) = node.inputs
    assert (n.label, n.op, n.data, n.grad) == ("n", "add", "0.8814", "0.5000")
    assert [(v.label, v.data, v.grad) for v in n.inputs[1:]] == [("b", "6.8814", "0.5000")]
    figure = pictures.expression_graph(o, trace, names, graphviz=graphviz)
    shown = texts(figure)
    assert sum(text.startswith("data") for text in shown) == 10
    assert sorted(text for text in shown if text in "*+" or text == "tanh") == ["*", "*", "+", "+", "tanh"]
    assert {"x1", "grad -1.5000", "w1", "grad 1.0000", "x2", "grad 0.5000", "w2"} <= set(shown)
    assert len(figure.axes[0].patches) == 14 + 5 + 7 * 3 + 3 * 2  # edges, ops, cells of named and of nameless values


def test_expression_through_ops_of_several_results() -> None:
    x = tt.tensor([2.0, 3.0], requires_grad=True)
    with pictures.Trace() as trace:
        a, b = x.unbind()
        product = a * b
    product.backward()
    node = trace.expression(product, {"x": x})
    assert [(v.op, v.data, v.grad) for v in node.inputs] == [
        ("unbind", "2.0000", "3.0000"),
        ("unbind", "3.0000", "2.0000"),
    ]
    assert all(v.inputs[0].label == "x" for v in node.inputs)
    with pictures.Trace() as trace:
        loss = tt.nn.functional.cross_entropy(x[None], tt.tensor([1]))
    assert [v.data for v in trace.expression(loss).inputs] == ["(1, 2)", "1"]  # an integer has no digits behind a point


def test_expression_graph_of_values() -> None:
    class Value:
        def __init__(self, data: float, children: tuple[Any, ...] = (), op: str = "", label: str = ""):
            self.data, self.grad, self._prev, self._op, self.label = data, 0.0, set(children), op, label

    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = Value(-6.0, (a, b), "*", "e")
    shown = texts(pictures.expression_graph(Value(-12.0, (e,), "+"), graphviz=False))
    assert {"a", "b", "e", "*", "+", "data -12.0000", "grad 0.0000"} <= set(shown)
    with pytest.raises(TypeError, match="needs the Trace"):
        pictures.expression_graph(tt.tensor(1.0))
    with pytest.raises(TypeError, match="got int"):
        pictures.expression_graph(3)
    deep = a
    for _ in range(601):
        deep = Value(0.0, (deep,), "+")
    with pytest.raises(ValueError, match="602 values do not fit"):
        pictures.expression_graph(deep)


def test_layout_keeps_boxes_apart() -> None:
    rng = np.random.default_rng(0)
    sizes = [(float(w), 0.3) for w in rng.uniform(0.3, 2, 40)]
    edges = sorted({(int(a), int(b)) for a, b in rng.integers(0, 40, (70, 2)) if a < b})
    layout = lay_out(sizes, edges, graphviz=False)
    boxes = [(x, y, w / 2, h / 2) for (x, y), (w, h) in zip(layout.centers, sizes, strict=True)]
    for i, (x0, y0, w0, h0) in enumerate(boxes):
        assert w0 - 1e-6 <= x0 <= layout.width - w0 + 1e-6 and h0 - 1e-6 <= y0 <= layout.height - h0 + 1e-6
        assert all(abs(x0 - x) >= w0 + w or abs(y0 - y) >= h0 + h for x, y, w, h in boxes[:i])
    for (a, b), route in zip(edges, layout.routes, strict=True):
        assert layout.centers[a][0] < layout.centers[b][0]
        assert len(route) % 3 == 1
        assert route[0] == pytest.approx((boxes[a][0] + boxes[a][2], boxes[a][1]))
        assert route[-1] == pytest.approx((boxes[b][0] - boxes[b][2], boxes[b][1]))
        t = np.linspace(0, 1, 20)[:, None]
        for p in (np.array(route[i : i + 4]) for i in range(0, len(route) - 1, 3)):  # of each Bezier curve some points
            points = (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t**2 * (1 - t) * p[2] + t**3 * p[3]
            for x, y, w, h in boxes:  # an edge meets no box
                assert not ((abs(points[:, 0] - x) < w - 1e-6) & (abs(points[:, 1] - y) < h - 1e-6)).any()
    with pytest.raises(ValueError, match="cycle"):
        lay_out(sizes[:2], [(0, 1), (1, 0)], graphviz=False)


def test_saving(tmp_path: Any) -> None:
    figure = pictures.loss_curve([3.0, 2.0, 1.0])
    pictures.save(figure, tmp_path / "loss.png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert figure._repr_png_() == (tmp_path / "loss.png").read_bytes()  # what a notebook shows
    pictures.save(figure, str(tmp_path / "loss.svg"))
    assert ET.parse(tmp_path / "loss.svg").getroot().tag.endswith("svg")
    assert pictures.render(figure, "svg") == (tmp_path / "loss.svg").read_bytes()
    for path, message in [("loss.gif", "ends in .png or .svg"), ("no/loss.png", "no such directory")]:
        with pytest.raises(Problem, match=message):
            pictures.save(figure, tmp_path / path)
    assert {path.name for path in tmp_path.iterdir()} == {"loss.png", "loss.svg"}


def test_letters_without_a_glyph(tmp_path: Any) -> None:
    pictures.save(pictures.embedding_chart(np.eye(2), ["\U0001f984", "さ"]), tmp_path / "letters.png")
    assert (tmp_path / "letters.png").stat().st_size > 1000
