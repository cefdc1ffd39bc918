"""What a file no longer holds (numbers that are none, cut texts, lost digits) is said, not made up."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.intake.source import Source

from .test_coordinate_table import write_sheet

Shapefile = Callable[..., Path]
BOXES = [shapely.box(124.0 + i / 10, 41.0, 124.1 + i / 10, 41.1) for i in range(5)]


def noted(source: Source, message_id: str) -> dict[str, object]:
    (note,) = [note for note in source.notes if note.id == message_id]
    return dict(note.params)


def with_type(path: Path, letter: bytes) -> Path:
    """The same table, its first field of another type."""
    dbf = path.with_suffix(".dbf")
    content = bytearray(dbf.read_bytes())
    content[32 + 11 : 32 + 12] = letter
    dbf.write_bytes(content)
    return path


def test_numbers_that_are_none_are_null_and_counted(shapefile: Shapefile) -> None:
    years = [b"  2021", b"abcdef", b"******", b"20-3", b""]
    source = read_source(with_type(shapefile("years", BOXES, [(b"KSNF", years)], width=6), b"N"))
    assert list(source.fields["KSNF"]) == [2021, None, None, None, None]
    said = noted(source, "intake.no_numbers")
    assert said["field"] == "KSNF" and said["count"] == 3
    assert said["examples"] == ["“abcdef”", "“******”", "“20-3”"]


def test_a_number_with_decimals_in_a_field_without_is_not_cut(shapefile: Shapefile) -> None:
    source = read_source(with_type(shapefile("area", BOXES[:2], [(b"MJ", [b"12.75", b"8"])], width=8), b"N"))
    assert list(source.fields["MJ"]) == [12.75, 8]
    assert "intake.no_numbers" not in [note.id for note in source.notes]


def test_dates_that_are_none_are_counted_but_not_empty_ones(shapefile: Shapefile) -> None:
    days = [b"20240229", b"20240230", b"00000000", b"", b"2024.1"]
    source = read_source(with_type(shapefile("days", BOXES, [(b"RQ", days)], width=8), b"D"))
    assert list(source.fields["RQ"]) == ["2024-02-29", None, None, None, None]
    assert noted(source, "intake.no_dates")["count"] == 2


def test_a_half_character_at_a_values_end_is_counted(shapefile: Shapefile) -> None:
    whole = "桓仁满族自治县生态保护区".encode("gbk")
    source = read_source(shapefile("cut", BOXES[:3], [(b"MC", [whole[:15], whole[:13], whole[:14]])], width=15))
    assert list(source.fields["MC"]) == ["桓仁满族自治县", "桓仁满族自治", "桓仁满族自治县"]
    said = noted(source, "intake.values_cut")
    assert (said["field"], said["count"], said["example"]) == ("MC", 2, "桓仁满族自治县")


def test_two_rows_on_one_shape_are_refused(shapefile: Shapefile) -> None:
    path = shapefile("twice", BOXES, [(b"MC", [b"a", b"b", b"c", b"d", b"e"])])
    shx = bytearray(path.with_suffix(".shx").read_bytes())
    shx[108:116] = shx[100:108]
    path.with_suffix(".shx").write_bytes(shx)
    with pytest.raises(PlannerError) as refused:
        read_source(path)
    assert refused.value.message.id == "intake.index_repeats"
    assert dict(refused.value.message.params)["rows"] == [0, 1]


def test_a_spreadsheet_that_swells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    write_sheet(path, [["项目编号", "名称"], ["a", "b"]])
    assert len(read_source(path)) == 1
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("xl/worksheets/sheet2.xml", bytes(70 << 20))
    for swollen in (path, path.with_suffix(".ods")):
        shutil.copy(path, tmp_path / "copy")
        (tmp_path / "copy").replace(swollen)
        with pytest.raises(PlannerError) as refused:
            read_source(swollen)
        assert refused.value.message.id == "intake_tables.too_big"


def test_codes_that_a_spreadsheet_stored_as_numbers_have_lost_digits(tmp_path: Path) -> None:
    codes = (210521000000000123, 210521000000000124)
    write_sheet(tmp_path / "codes.xlsx", [["项目编号", "面积"], *([float(code), 1.5] for code in codes)])
    lost = noted(read_source(tmp_path / "codes.xlsx"), "intake.digits_lost")
    assert lost["field"] == "项目编号" and lost["count"] == 2
    write_sheet(tmp_path / "texts.xlsx", [["项目编号", "面积"], *([str(code), 1.5] for code in codes)])
    whole = read_source(tmp_path / "texts.xlsx")
    assert list(whole.fields["项目编号"]) == [str(code) for code in codes]
    assert "intake.digits_lost" not in [note.id for note in whole.notes]
