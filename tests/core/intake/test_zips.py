"""Zips of several folders: what has the same name in two of them is told apart by where it lies."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.intake.asking import ChoiceNeeded
from restoration_planner.core.intake.reading import read_source

Shapefile = Callable[..., Path]
ENDINGS = (".shp", ".shx", ".dbf", ".cpg")


@pytest.fixture
def two_zones(tmp_path: Path, shapefile: Shapefile) -> Path:
    """41/XZQ.shp and 42/XZQ.shp in one zip, with what macOS adds."""
    path = tmp_path / "parcel.zip"
    with zipfile.ZipFile(path, "w") as parcel:
        for zone, x in (("41", 123.0), ("42", 126.0)):
            part = shapefile(zone, [shapely.box(x, 41, x + 0.1, 41.1)], [(b"MC", [zone.encode()])], cpg="UTF-8")
            for ending in ENDINGS:
                parcel.write(part.with_suffix(ending), f"{zone}/XZQ{ending}")
                parcel.writestr(f"__MACOSX/{zone}/._XZQ{ending}", "about it")
                parcel.writestr(f"{zone}/._XZQ{ending}", "about it")
    return path


@pytest.mark.parametrize("layer", [None, "XZQ", "XZQ.shp", "43/XZQ"])
def test_the_paths_are_offered(layer: str | None, two_zones: Path) -> None:
    with pytest.raises(ChoiceNeeded) as asked:
        read_source(two_zones, layer)
    assert [choice.value for choice in asked.value.choices] == ["41/XZQ", "42/XZQ"]


@pytest.mark.parametrize("ending", ["", ".shp"])
@pytest.mark.parametrize("zone", ["41", "42"])
def test_and_accepted(zone: str, ending: str, two_zones: Path) -> None:
    assert list(read_source(two_zones, f"{zone}/XZQ{ending}").fields["MC"]) == [zone]


def test_what_macos_adds_is_no_second_layer(tmp_path: Path, shapefile: Shapefile) -> None:
    path = tmp_path / "mac.zip"
    part = shapefile("a", [shapely.box(124, 41, 124.1, 41.1)], [(b"MC", [b"x"])], cpg="UTF-8")
    with zipfile.ZipFile(path, "w") as parcel:
        for ending in ENDINGS:
            parcel.write(part.with_suffix(ending), f"a{ending}")
            parcel.writestr(f"__MACOSX/._a{ending}", "about it")
    assert list(read_source(path).fields["MC"]) == ["x"]


def test_names_with_different_endings_are_told_apart_by_them(tmp_path: Path) -> None:
    point = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":%d},"geometry":null}]}'
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as parcel:
        parcel.writestr("d/a.json", point % 1)
        parcel.writestr("d/a.geojson", point % 2)
    with pytest.raises(ChoiceNeeded) as asked:
        read_source(path)
    assert sorted(choice.value for choice in asked.value.choices) == ["d/a.geojson", "d/a.json"]
    assert list(read_source(path, "d/a.json").fields["a"]) == [1]
