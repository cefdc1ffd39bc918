"""Zips of several folders: what has the same name in two of them is told apart by where it lies."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely

from restoration_planner.core.intake.asking import ChoiceNeeded
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.store.vector import LayerToWrite, write_geopackage

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


def test_layers_of_several_geopackages_are_offered_with_their_file(tmp_path: Path) -> None:
    shape = np.array([shapely.MultiPolygon([shapely.box(124, 41, 124.1, 41.1)])])
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as parcel:
        for county in ("a", "b"):
            file = tmp_path / f"{county}.gpkg"
            layers = [
                LayerToWrite(name, "MultiPolygon", 4490, {"of": "text"}, {"of": [f"{name} in {county}"]}, shape, 1)
                for name in ("towns", "zones")
            ]
            write_geopackage(file, layers)
            parcel.write(file, f"d/{file.name}")
    with pytest.raises(ChoiceNeeded) as asked:
        read_source(path, "b")
    assert [choice.value for choice in asked.value.choices] == ["b/towns", "b/zones"]
    for layer in ("b/zones", "d/b/zones", "d/b.gpkg/zones"):
        assert list(read_source(path, layer).fields["of"]) == ["zones in b"]


@pytest.mark.parametrize("layer", ["towns", "d/towns.gpkg", "towns.gpkg"])
def test_a_layer_may_be_called_as_its_only_file(layer: str, tmp_path: Path) -> None:
    shape = np.array([shapely.MultiPolygon([shapely.box(124, 41, 124.1, 41.1)])])
    path = tmp_path / "one.zip"
    names = ["towns", "zones"] if layer == "towns" else ["towns"]
    layers = [LayerToWrite(n, "MultiPolygon", 4490, {"of": "text"}, {"of": [n]}, shape, 1) for n in names]
    write_geopackage(tmp_path / "towns.gpkg", layers)
    with zipfile.ZipFile(path, "w") as parcel:
        parcel.write(tmp_path / "towns.gpkg", "d/towns.gpkg")
    assert list(read_source(path, layer).fields["of"]) == ["towns"]
