"""The figure that notebooks show, whether or not they were told to use Matplotlib."""

from matplotlib.figure import Figure

from .canvas import render


class NotebookFigure(Figure):
    """A Matplotlib figure that brings its own PNG: a plain one is shown as text until pyplot was used."""

    def _repr_png_(self) -> bytes:
        return render(self, "png")
