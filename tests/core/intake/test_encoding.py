"""Texts of shapefiles: claims weighed against bytes, cut names, and what cannot be told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.intake.reading import read_source
from restoration_planner.core.intake.shapefile_text import weigh

TWO = [shapely.box(124.0, 41.0, 124.1, 41.1), shapely.box(124.1, 41.0, 124.2, 41.1)]
Shapefile = Callable[..., Path]


def one_field(name: str, values: list[str], encoding: str) -> list[tuple[bytes, list[bytes]]]:
    return [(name.encode(encoding), [v.encode(encoding) for v in values])]


@pytest.mark.parametrize(
    ("encoding", "name", "values", "cpg", "language_byte", "said"),
    [
        ("gbk", "名称", ["葠窝水库", "小市镇"], None, 0, "intake.encoding_weighed"),
        ("gbk", "名称", ["葠窝水库", "小市镇"], None, 0x4D, "intake.encoding_claimed"),
        ("gbk", "名称", ["葠窝水库", "小市镇"], "UTF-8", 0, "intake.encoding_lie"),
        ("gbk", "名称", ["葠窝水库", "小市镇"], "ISO-8859-1", 0x57, "intake.encoding_lie"),
        ("gb18030", "名称", ["㙟河", "小市镇"], None, 0, "intake.encoding_weighed"),
        ("utf-8", "名称", ["葠窝水库", "小市镇"], "GBK", 0x4D, "intake.encoding_lie"),
        ("utf-8", "名称", ["葠窝水库", "小市镇"], None, 0, "intake.encoding_weighed"),
        ("utf-8", "名称", ["葠窝水库", "小市镇"], "rubbish", 0, "intake.encoding_weighed"),
        ("big5", "名稱", ["鄉鎮公所", "縣市邊界"], None, 0, "intake.encoding_weighed"),
        ("gbk", "MC", ["联通", "小市镇"], None, 0, "intake.encoding_weighed"),
    ],
)
def test_texts_are_read_right_whatever_is_claimed(
    encoding: str, name: str, values: list[str], cpg: str | None, language_byte: int, said: str, shapefile: Shapefile
) -> None:
    path = shapefile("texts", TWO, one_field(name, values, encoding), cpg=cpg, language_byte=language_byte)
    source = read_source(path)
    assert {k: list(v) for k, v in source.fields.items()} == {name: values}
    assert said in {note.id for note in source.notes}


def test_a_name_cut_in_mid_character_is_shown_with_its_bytes(shapefile: Shapefile) -> None:
    path = shapefile("cut", TWO, [("乡镇名称".encode()[:10], [b"a", b"b"])])
    source = read_source(path)
    assert list(source.fields) == ["乡镇名"]
    note = next(n for n in source.notes if n.id == "intake.name_cut")
    assert dict(note.params)["bytes"].endswith("e7")  # type: ignore[attr-defined]


def test_a_value_cut_by_the_fields_width_loses_only_the_cut_character(shapefile: Shapefile) -> None:
    long = "本溪满族自治县小市镇同江峪村"
    path = shapefile("long", TWO, [(b"MC", [long.encode("gbk")[:21], "县".encode("gbk")])], width=21)
    assert list(read_source(path).fields["MC"]) == [long[:10], "县"]


def test_an_encoding_that_is_asked_for_is_used_and_what_it_cannot_read_is_counted(shapefile: Shapefile) -> None:
    four = [*TWO, *TWO]
    texts = [*(t.encode("utf-8") for t in ("小市镇", "草河口镇", "碱厂镇")), b"\xff\xfe"]
    path = shapefile("asked", four, [(b"MC", texts)])
    source = read_source(path, encoding="utf-8")
    assert "intake.values_unreadable" in {n.id for n in source.notes}
    assert list(source.fields["MC"])[0] == "小市镇" and "\\x" in list(source.fields["MC"])[3]  # type: ignore[operator]


def test_an_encoding_that_the_bytes_contradict_is_refused_and_the_right_one_named(shapefile: Shapefile) -> None:
    path = shapefile("slip", TWO, one_field("MC", ["小市镇", "abc"], "gbk"))
    with pytest.raises(PlannerError) as refused:
        read_source(path, encoding="utf-8")
    assert refused.value.message.id == "intake.encoding_contradicted" and "gb18030" in str(refused.value)
    assert list(read_source(path, encoding="GBK").fields["MC"]) == ["小市镇", "abc"]


def test_bytes_that_two_encodings_explain_equally_well_are_not_guessed(shapefile: Shapefile) -> None:
    samples = "舁".encode("gbk")
    found = weigh([samples])
    assert {r.encoding for r in found[:2]} == {"gb18030", "big5"}
    path = shapefile("unsure", TWO[:1], [(b"MC", [samples])])
    with pytest.raises(PlannerError) as refused:
        read_source(path)
    assert refused.value.message.id == "intake.encoding_unsure"
    assert list(read_source(path, encoding="gbk").fields["MC"]) == ["舁"]


def test_bytes_of_no_chinese_encoding_are_refused(shapefile: Shapefile) -> None:
    path = shapefile("odd", TWO[:1], [(b"MC", [b"\xff\xfe\xff x"])])
    with pytest.raises(PlannerError) as refused:
        read_source(path)
    assert refused.value.message.id == "intake.encoding_unknown"
