"""Labels on the report's map, placed so that they do not cover one another."""

from __future__ import annotations

from html import escape

Box = tuple[float, float, float, float]


class LabelPlacer:
    """Places labels one after another; what finds no free place is left out (the table has it)."""

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: list[Box] = []
        self._written: list[str] = []

    @property
    def markup(self) -> str:
        """All labels placed so far."""
        return "".join(self._written)

    def occupy(self, x: float, y: float, radius: float) -> None:
        """Keep a place free of labels."""
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def beside(self, x: float, y: float, label: str, size: float, css: str) -> None:
        """A label to the right, left, above or below of a mark."""
        width = _text_width(label, size)
        side = 9 + width / 2
        self._place(
            [(x + side, y), (x - side, y), (x, y - size - 3), (x, y + size + 3)]
            + [(x + side, y - size), (x + side, y + size), (x - side, y - size), (x - side, y + size)],
            label,
            width,
            size,
            css,
        )

    def near(self, x: float, y: float, label: str, size: float, css: str) -> None:
        """A label at a point, or a little off it where that is taken."""
        width = _text_width(label, size)
        offsets = [(0, 0), (0, -1), (0, 1), (-1, 0), (1, 0), (-1, -1), (1, 1), (-1, 1), (1, -1)]
        places = [(x + dx * far * 45, y + dy * far * 30) for far in (1, 2) for dx, dy in offsets]
        self._place(places, label, width, size, css)

    def _place(self, centres: list[tuple[float, float]], label: str, width: float, size: float, css: str) -> None:
        for x, y in centres:
            box = (x - width / 2, y - size / 2, x + width / 2, y + size / 2)
            if label and self._is_free(box):
                self._taken.append(box)
                self._written.append(
                    f'<text class="{css}" x="{x:.1f}" y="{y + size * 0.36:.1f}" text-anchor="middle">'
                    f"{escape(label)}</text>"
                )
                return

    def _is_free(self, box: Box) -> bool:
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self._width and box[3] <= self._height
        return inside and not any(
            box[0] < t[2] and t[0] < box[2] and box[1] < t[3] and t[1] < box[3] for t in self._taken
        )


def _text_width(label: str, size: float) -> float:
    """About how wide a label is: a Chinese character takes a square, a Latin one less."""
    return sum(size if ord(char) > 0x2E80 else size * 0.6 for char in label)
