"""The pictures of the lectures: functions that take plain tensors or lists and return a Matplotlib figure.

    from tinytensor.makemore import pictures

    figure = pictures.loss_curve(losses)
    pictures.save(figure, "loss.png")

Nothing here opens a window or changes Matplotlib's settings; a notebook shows the figure that a cell ends with.
"""

from .attention import attention_maps
from .bigrams import bigram_chart
from .boundary import decision_boundary
from .canvas import render, save
from .curves import learning_rate_sweep, loss_curve, update_ratios
from .embeddings import embedding_chart, principal_components
from .expression import Trace, expression_graph
from .layers import (
    LayerStatistics,
    activation_histograms,
    dead_units,
    gradient_histograms,
    layer_statistics,
    saturated,
    saturation_map,
)

__all__ = [
    "LayerStatistics",
    "Trace",
    "activation_histograms",
    "attention_maps",
    "bigram_chart",
    "dead_units",
    "decision_boundary",
    "embedding_chart",
    "expression_graph",
    "gradient_histograms",
    "layer_statistics",
    "learning_rate_sweep",
    "loss_curve",
    "principal_components",
    "render",
    "saturated",
    "saturation_map",
    "save",
    "update_ratios",
]
