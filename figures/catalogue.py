"""Which figures there are: read from the plugin's list, or from the planner's own beside the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..core.errors import PlannerError
from ..core.plan.schema import TABLES
from ..core.texts import LANGUAGES, language

CATALOGUE = Path(__file__).with_name("catalogue.yaml")
#: A planner's own list, beside the plan file.
OWN_NAME = "figures.yaml"

CITY_BORDER, CITY_GROUND, SURROUNDINGS = "city_border", "city_ground", "city_surroundings"
DEM, LOCATION = "dem", "location"
#: What is drawn besides the plan's own tables: by the city's outline, and from files that a list names.
OF_THE_CITY = (CITY_BORDER, CITY_GROUND, SURROUNDINGS)
DERIVED = (*OF_THE_CITY, DEM, LOCATION)
#: Layer → its variants; tables without an entry of their own have the plugin's style only.
VARIANTS: dict[str, tuple[str, ...]] = {
    CITY_BORDER: ("line",),
    CITY_GROUND: ("fill",),
    SURROUNDINGS: ("blank",),
    DEM: ("hillshade", "tints"),
    LOCATION: ("line",),
    "restoration_zone": ("plain", "named", "fill", "pale", "clear"),
    "key_area": ("plain", "hatched", "outlined"),
    "project": ("plain", "numbered"),
    "red_line": ("plain", "tinted", "thin"),
    "nature_reserve": ("plain", "tinted"),
    "legacy_mine": ("plain", "marked"),
    "admin_unit": ("plain", "counties", "towns", "named"),
    "river": ("plain", "named"),
    "water_body": ("plain", "named"),
    "land_use": ("plain", "fill"),
    "ecosystem": ("plain", "fill"),
}
COMPANIONS = ("zones", "key_areas", "projects", "reserves", "mines")
_TOP_KEYS = ("figures", "review_number", "dem", "location")
_KEYS = ("number", "title", "needs", "layers", "legend", "table", "review_number")


@dataclass(frozen=True)
class LegendGroup:
    """A heading of the legend, by language, and the layers under it."""

    title: Mapping[str, str]
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One figure of the appendix.

    Attributes
    ----------
    number
        As it is printed.
    title
        By language, with ``{city}`` for the city's name.
    needs
        Tables that must hold something drawn; ``dem`` for an elevation raster.
    layers
        Pairs of table (or ``city_border``, ``city_ground``, ``dem``) and variant, from the top of the map to its bottom.
    legend
        Its groups, from top to bottom.
    table
        The companion table, or None.
    review_number
        审图号, empty where it has none.
    """

    number: int
    title: Mapping[str, str]
    needs: tuple[str, ...]
    layers: tuple[tuple[str, str], ...]
    legend: tuple[LegendGroup, ...]
    table: str | None = None
    review_number: str = ""

    def title_for(self, city: str, language_name: str | None = None) -> str:
        """The title with the city's name; other braces stand as they are written."""
        return self.title[language_name or language()].replace("{city}", city)


@dataclass(frozen=True)
class Catalogue:
    """The figures in order, and where the list was read.

    Attributes
    ----------
    dem
        The elevation raster that the list names, or None.
    location
        The outlines around the city that the list names, or None.
    """

    file: Path
    figures: tuple[Figure, ...]
    dem: Path | None = None
    location: Path | None = None

    def chosen(self, numbers: str) -> list[Figure]:
        """The figures named by a text such as ``4,8,9``; all where it is empty.

        Raises
        ------
        PlannerError
            If a number is no number or names no figure.
        """
        by_number = {f.number: f for f in self.figures}
        wanted = numbers.replace("，", ",").replace("、", ",").replace(";", ",").replace(" ", ",")
        found: dict[int, Figure] = {}
        for part in filter(None, wanted.split(",")):
            if not part.isdecimal() or int(part) not in by_number:
                raise PlannerError("figures.no_such_figure", number=part, known=sorted(by_number))
            found[int(part)] = by_number[int(part)]
        return list(found.values()) or list(self.figures)


def load_catalogue(plan: str | Path | None = None) -> Catalogue:
    """The planner's own list beside a plan where there is one, else the plugin's.

    Raises
    ------
    PlannerError
        If the list cannot be read, or something in it cannot be understood; says where and what.
    """
    own = Path(plan).parent / OWN_NAME if plan is not None else None
    file = own if own is not None and own.is_file() else CATALOGUE
    try:
        state = file.stat()
    except OSError:
        return read_catalogue(file)
    return _read_once(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read_once(file: Path, _changed: int, _size: int) -> Catalogue:
    """A list as it stands now: an export asks for it several times, and reading takes a tenth of a second."""
    return read_catalogue(file)


def read_catalogue(file: Path) -> Catalogue:
    """One list, checked."""
    import yaml

    try:
        written = file.read_text(encoding="utf-8")
        loader = yaml.SafeLoader(written)
        root = loader.get_single_node()
        lines = _lines(root)
        content = None if root is None else loader.construct_document(root)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PlannerError("figures.unreadable", file=file.name, reason=" ".join(str(error).split())) from error
    return _Reader(file, lines).catalogue(content)


def _lines(root: Any) -> dict[tuple[object, ...], int]:
    """Way to each part of a YAML document (keys, and positions from 0) → its line, from 1."""
    found: dict[tuple[object, ...], int] = {}

    def walk(node: Any, way: tuple[object, ...]) -> None:
        found.setdefault(way, node.start_mark.line + 1)
        if node.id == "mapping":
            for key, value in node.value:
                found[(*way, key.value)] = key.start_mark.line + 1
                walk(value, (*way, key.value))
        elif node.id == "sequence":
            for position, value in enumerate(node.value):
                walk(value, (*way, position))

    if root is not None:
        walk(root, ())
    return found


class _Reader:
    """Checks one list and knows where it is in it."""

    def __init__(self, file: Path, lines: Mapping[tuple[object, ...], int]) -> None:
        self._file = file
        self._lines = lines
        self._where = 0

    def catalogue(self, content: Any) -> Catalogue:
        if not isinstance(content, dict) or not isinstance(content.get("figures"), list) or not content["figures"]:
            raise PlannerError("figures.no_figures", file=self._file.name)
        for key in content:
            if key not in _TOP_KEYS:
                raise PlannerError(
                    "figures.unknown_top_key",
                    file=self._file.name,
                    line=self._lines.get((str(key),), 1),
                    key=key,
                    known=_TOP_KEYS,
                )
        review = str(content.get("review_number") or "")
        figures = [self._figure(entry, position, review) for position, entry in enumerate(content["figures"], 1)]
        numbers = [f.number for f in figures]
        for position, number in enumerate(numbers):
            if number in numbers[:position]:
                line = self._lines.get(("figures", position, "number"), 1)
                raise PlannerError("figures.twice", file=self._file.name, line=line, number=number)
        return Catalogue(self._file, tuple(figures), self._beside(content, "dem"), self._beside(content, "location"))

    def _beside(self, content: Mapping[str, Any], key: str) -> Path | None:
        """A file that the list names, from the list's own folder; it is looked for when it is drawn."""
        named = content.get(key)
        if named is not None and not isinstance(named, str):
            raise PlannerError(
                "figures.bad_file", file=self._file.name, line=self._lines.get((key,), 1), key=key, found=named
            )
        return self._file.parent / named if named else None

    def _fault(self, name: str, /, *way: object, **params: object) -> PlannerError:
        """What is wrong in the figure being read, and on which line: that of the nearest thing that has one."""
        known = ("figures", self._where - 1, *way)
        line = next((self._lines[known[:n]] for n in range(len(known), 0, -1) if known[:n] in self._lines), 1)
        return PlannerError(f"figures.{name}", file=self._file.name, where=self._where, line=line, **params)

    def _figure(self, entry: Any, position: int, review: str) -> Figure:
        self._where = position
        if not isinstance(entry, dict):
            raise self._fault("not_a_figure")
        for key in entry:
            if key not in _KEYS:
                raise self._fault("unknown_key", str(key), key=key, known=_KEYS)
        number = entry.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise self._fault("bad_number", "number", found=number)
        layers = self._layers(entry.get("layers"))
        table = entry.get("table")
        if table is not None and table not in COMPANIONS:
            raise self._fault("bad_table", "table", found=table, known=COMPANIONS)
        return Figure(
            number,
            self._title(entry.get("title"), "title"),
            self._needs(entry.get("needs")),
            layers,
            self._legend(entry.get("legend"), {name for name, _ in layers}),
            table,
            str(entry.get("review_number") or review),
        )

    def _title(self, found: Any, *way: object) -> dict[str, str]:
        if isinstance(found, str) and found.strip():
            return dict.fromkeys(LANGUAGES, found)
        if isinstance(found, dict):
            titles = [str(found[x]) for x in LANGUAGES if found.get(x)]
            if titles:
                return {x: str(found.get(x) or titles[0]) for x in LANGUAGES}
        raise self._fault("bad_title", *way)

    def _needs(self, found: Any) -> tuple[str, ...]:
        names = [found] if isinstance(found, str) else (found or [])
        if not isinstance(names, list):
            raise self._fault("bad_needs", "needs", found=found)
        for position, name in enumerate(names):
            self._known_layer(name, *OF_THE_CITY, way=("needs", position))
        return tuple(names)

    def _layers(self, found: Any) -> tuple[tuple[str, str], ...]:
        if not isinstance(found, list) or not found:
            raise self._fault("no_layers", "layers")
        pairs: list[tuple[str, str]] = []
        for position, entry in enumerate(found):
            way = ("layers", position)
            named = {entry: "plain"} if isinstance(entry, str) else entry
            if not isinstance(named, dict) or len(named) != 1:
                raise self._fault("bad_layer", *way, found=entry)
            name, variant = next(iter(named.items()))
            self._known_layer(name, way=way)
            known = VARIANTS.get(name, ("plain",))
            variant = known[0] if variant is None else variant
            if variant not in known:
                raise self._fault("bad_variant", *way, layer=name, found=variant, known=known)
            pairs.append((name, variant))
        return tuple(pairs)

    def _known_layer(self, name: object, *refused: str, way: tuple[object, ...]) -> None:
        drawn = [t for t, table in TABLES.items() if table.geometry is not None] + list(DERIVED)
        known = [n for n in drawn if n not in refused]
        if name not in known:
            raise self._fault("unknown_layer", *way, found=name, known=known)

    def _legend(self, found: Any, drawn: set[str]) -> tuple[LegendGroup, ...]:
        groups = []
        if found is not None and not isinstance(found, list):
            raise self._fault("bad_legend", "legend", found=found)
        for position, entry in enumerate(found or []):
            way = ("legend", position)
            names = entry.get("layers") if isinstance(entry, dict) else None
            if not isinstance(names, list):
                raise self._fault("bad_legend", *way, found=entry)
            for name in names:
                if name not in drawn:
                    raise self._fault("legend_not_drawn", *way, "layers", layer=name)
            groups.append(LegendGroup(self._title(entry.get("title"), *way), tuple(names)))
        return tuple(groups)
