"""Files that cannot be imported: one sentence, and neither plan nor folder changes."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.commands.import_layer import run
from restoration_planner.core.errors import PlannerError

Shapefile = Callable[..., Path]
BOXES = [shapely.box(124.0 + i / 10, 41.0, 124.1 + i / 10, 41.1) for i in range(5)]


@pytest.fixture
def good(shapefile: Shapefile) -> Path:
    """A shapefile of five boxes."""
    return shapefile("good", BOXES, [(b"MC", [b"a", b"b", b"c", b"d", b"e"])])


def refused(plan: Path, source: Path, table: str = "red_line", **options: object) -> str:
    before = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in plan.parent.iterdir() if p.is_file()}
    with pytest.raises(PlannerError) as caught:
        run(plan, table, source, **options)  # type: ignore[arg-type]
    assert before == {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in plan.parent.iterdir() if p.is_file()}
    assert "\n" not in str(caught.value)
    return caught.value.message.id


def features(path: Path, *wkts: str) -> Path:
    shapes = [json.loads(shapely.to_geojson(shapely.from_wkt(w))) for w in wkts]
    listed = [{"type": "Feature", "properties": {}, "geometry": s} for s in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", [".shp", ".shx", ".dbf"])
def test_a_truncated_part(ending: str, good: Path, benxi: Path) -> None:
    part = good.with_suffix(ending)
    part.write_bytes(part.read_bytes()[: part.stat().st_size * 2 // 3])
    assert refused(benxi, good) == "intake.part_short"


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_missing_part(ending: str, good: Path, benxi: Path) -> None:
    good.with_suffix(ending).unlink()
    assert refused(benxi, good) == "intake.part_missing"


def test_a_header_that_claims_gigabytes(good: Path, benxi: Path) -> None:
    content = bytearray(good.read_bytes())
    content[24:28] = struct.pack(">I", 5_000_000_00)
    good.write_bytes(content)
    assert refused(benxi, good) == "intake.part_short"
    content = bytearray(good.with_suffix(".dbf").read_bytes())
    content[4:8] = struct.pack("<I", 4_000_000_000)
    good.with_suffix(".dbf").write_bytes(content)
    assert refused(benxi, good) == "intake.part_short"


def test_an_index_that_points_beyond_the_file(good: Path, benxi: Path) -> None:
    content = bytearray(good.with_suffix(".shx").read_bytes())
    content[100:108] = struct.pack(">II", 0x7FFFFFF0, 0x7FFFFFF0)
    good.with_suffix(".shx").write_bytes(content)
    assert refused(benxi, good) == "intake.part_short"


def test_a_shape_that_claims_two_thousand_million_points(good: Path, benxi: Path) -> None:
    content = bytearray(good.read_bytes())
    content[148:152] = struct.pack("<i", 0x7FFFFFFF)
    good.write_bytes(content)
    assert refused(benxi, good) == "intake.shapes_damaged"


def test_a_table_that_none_of_the_fields_belongs_to(good: Path, benxi: Path) -> None:
    assert refused(benxi, good, "indicator_value") == "intake.nothing_fits"


def test_parts_of_different_files(good: Path, shapefile: Shapefile, benxi: Path) -> None:
    other = shapefile("other", BOXES[:3], [(b"MC", [b"a", b"b", b"c"])])
    good.with_suffix(".dbf").write_bytes(other.with_suffix(".dbf").read_bytes())
    assert refused(benxi, good) == "intake.parts_differ"


def test_a_zip_bomb_a_zip_that_leaves_the_folder_a_link_and_a_broken_one(tmp_path: Path, benxi: Path) -> None:
    bomb, evil, link, broken = (tmp_path / f"{n}.zip" for n in ("bomb", "evil", "link", "broken"))
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("a.shp", bytes(100_000_000))
    for name in ("../evil.shp", "/tmp/evil.shp", "a/../../evil.shp", "C:\\evil.shp"):
        with zipfile.ZipFile(evil, "w") as parcel:
            parcel.writestr(name, b"x")
        assert refused(benxi, evil) == "intake.zip_leaves_folder", name
    with zipfile.ZipFile(link, "w") as parcel:
        entry = zipfile.ZipInfo("a.shp")
        entry.external_attr = 0o120777 << 16
        parcel.writestr(entry, "/etc/passwd")
    broken.write_bytes(bomb.read_bytes()[:5000])
    assert refused(benxi, bomb) == "intake.zip_too_big"
    assert refused(benxi, link) == "intake.zip_leaves_folder"
    assert refused(benxi, broken) == "intake.zip_damaged"
    assert not (tmp_path.parent / "evil.shp").exists()


def test_an_empty_layer_a_raster_and_files_that_are_nothing(tmp_path: Path, benxi: Path) -> None:
    assert refused(benxi, features(tmp_path / "empty.geojson")) == "intake.empty_layer"
    for name, content, sentence in (
        ("relief.tif", b"II*\0" + bytes(100), "intake.picture"),
        ("nothing.gpkg", b"", "intake.empty_file"),
        ("torn.gpkg", b"SQLite format 3\0" + bytes(600), "intake.unreadable"),
        ("torn.geojson", b'{"type":"FeatureColl', "intake.unreadable"),
        ("letter.txt", "请查收".encode("gbk"), "intake_tables.empty"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert refused(benxi, path) == sentence, name
    assert refused(benxi, tmp_path / "absent.shp") == "intake.no_such_file"
    assert refused(benxi, tmp_path) == "intake.is_a_folder"


def test_mixed_and_unfitting_geometry(tmp_path: Path, benxi: Path) -> None:
    square = "POLYGON ((124 41, 124.1 41, 124.1 41.1, 124 41.1, 124 41))"
    mixed = features(tmp_path / "mixed.geojson", "POINT (124 41)", square)
    points = features(tmp_path / "points.geojson", "POINT (124 41)")
    assert refused(benxi, mixed) == "intake.mixed"
    assert refused(benxi, points) == "intake.wrong_kind"
    assert refused(benxi, features(tmp_path / "area.geojson", square), "river") == "intake.wrong_kind"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"mapping": ["code=NO"]}, "intake.no_such_source_field"),
        ({"mapping": ["colour=MC"]}, "intake.no_such_field"),
        ({"mapping": ["code"]}, "intake.no_pair"),
        ({"constants": ["level=village"], "table": "admin_unit"}, "intake.set_misfit"),
        ({"source_layer": "x"}, "intake.no_such_layer"),
        ({"encoding": "klingon"}, "intake.encoding_no_such"),
        ({"crs": "mars"}, "intake.crs_no_such"),
        ({"table": "moon"}, "intake.no_such_table"),
        ({"table": "plan"}, "intake.not_into_plan"),
    ],
)
def test_options_that_do_not_fit(options: dict[str, object], sentence: str, good: Path, benxi: Path) -> None:
    assert refused(benxi, good, **options) == sentence  # type: ignore[arg-type]
