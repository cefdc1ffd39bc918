"""Real names from two plans and from the official list of 2023, each with the trap it sets."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path

import pytest

from restoration_planner.core.plan.names import CountyNames, TownNames, load_variants, same_county

TOWNS = [
    ("北台街道", "平山区"),
    ("桥头街道", "平山区"),
    ("高台子街道", "明山区"),
    ("雅河朝鲜族乡", "桓仁满族自治县"),
    ("苌池镇", "盂县"),
    ("西南舁乡", "郊区"),
    ("城区", "城区"),
    ("平山区城区", "平山区"),
    ("张其寨街道", "溪湖区"),
]


@pytest.mark.parametrize(
    ("written", "county", "kind", "meant"),
    [
        ("北台街道", "平山区", "exact", "北台街道"),
        ("北台街道办事处", None, "normalised", "北台街道"),
        ("张其寨办事处", "溪湖区", "normalised", "张其寨街道"),
        (" 北台 街道\u3000", None, "normalised", "北台街道"),
        ("\u2fbc台子街道", None, "normalised", "高台子街道"),  # a Kangxi radical, as PDF text has it
        ("雅河乡", "桓仁县", "normalised", "雅河朝鲜族乡"),
        ("高台子镇", "明山区", "variant", "高台子街道"),
        ("茺池镇", "孟县", "variant", "苌池镇"),
        ("西南昇乡", None, "variant", "西南舁乡"),
        ("城区", "城区", "exact", "城区"),
        ("平山区城区", None, "exact", "平山区城区"),
    ],
)
def test_a_town_is_recognised_in_every_way_that_plans_write_it(
    written: str, county: str | None, kind: str, meant: str
) -> None:
    found = TownNames(TOWNS).match(written, county)
    assert (found.kind, [TOWNS[i][0] for i in found.indexes]) == (kind, [meant])


def test_full_width_letters_and_brackets_are_the_same_name() -> None:
    assert TownNames([("A区(东)", None)]).match("Ａ区（东）").kind == "normalised"


@pytest.mark.parametrize("written", ["北台镇", "高台子乡", "苌池乡"])
def test_another_kind_of_unit_is_offered_but_never_applied(written: str) -> None:
    found = TownNames(TOWNS).match(written)
    assert (found.kind, found.indexes) == ("near", ())
    assert found.candidates[0].name[:2] == written[:2]


def test_a_name_like_nothing_known_has_no_candidates() -> None:
    found = TownNames(TOWNS).match("漠河")
    assert (found.kind, found.candidates) == ("none", ())


@pytest.mark.parametrize("empty", ["", "  ", None])
def test_an_empty_name_means_nothing_even_where_a_unit_has_no_name(empty: str | None) -> None:
    assert TownNames([(None, None), ("", "甲县"), ("乙镇", "甲县")]).match(empty).kind == "none"


def test_one_name_in_two_counties_is_settled_by_the_county_and_never_guessed() -> None:
    towns = TownNames([("桥头街道", "平山区"), ("桥头街道办事处", "矿区")])
    assert towns.match("桥头街道", "矿区").indexes == (1,)
    assert towns.match("桥头街道办事处", "平山区").indexes == (0,)
    found = towns.match("桥头街道")
    assert found.ambiguous
    assert found.index is None
    assert [c.county for c in found.candidates] == ["平山区", "矿区"]


def test_the_right_name_in_the_wrong_county_is_only_a_candidate() -> None:
    found = TownNames(TOWNS).match("北台街道", "南芬区")
    assert found.kind == "near"
    assert (found.candidates[0].name, found.candidates[0].county) == ("北台街道", "平山区")


def test_a_unit_whose_county_is_unknown_is_found_with_any_county() -> None:
    assert TownNames([("开发区", None)]).match("开发区", "郊区").kind == "exact"


def test_the_written_form_wins_where_both_forms_are_known_in_one_county() -> None:
    towns = TownNames([("高台子镇", "明山区"), ("高台子街道", "明山区")])
    assert (towns.match("高台子镇").index, towns.match("高台子街道办事处").index) == (0, 1)


def test_near_names_are_ranked_by_likeness() -> None:
    towns = TownNames([("南甸子镇", "甲"), ("北甸子乡", "乙"), ("二棚甸子镇", "乙")])
    assert [c.name for c in towns.match("南甸镇").candidates][0] == "南甸子镇"
    likeness = [c.likeness for c in towns.match("八里甸子镇").candidates]
    assert likeness == sorted(likeness, reverse=True)
    assert len(likeness) > 1


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("本溪县", "本溪满族自治县", True),
        ("桓仁县", "桓仁满族自治县", True),
        ("双江县", "双江拉祜族佤族布朗族傣族自治县", True),
        ("本溪市平山区", "平山区", True),
        ("辽宁省本溪市平山区", "本溪市平山区", True),
        ("孟县", "盂县", True),
        ("城区", "城区", True),
        ("阳泉市城区", "城区", True),
        ("阳泉市城区", "大同市城区", False),
        ("城区", "矿区", False),
        ("平山区", "南芬区", False),
        ("平山区", "平山县", False),
        ("沙市区", "荆州市沙市区", True),
        ("市北区", "青岛市市北区", True),
        ("鄂温克族自治旗", "旗", False),
        (None, None, False),
        ("", "城区", False),
    ],
)
def test_short_full_and_misprinted_county_names_are_one_county(first: str, second: str, same: bool) -> None:
    assert same_county(first, second) is same
    assert same_county(second, first) is same


def test_counties_are_found_by_short_name_and_ambiguity_is_kept() -> None:
    counties = CountyNames(["平山区", "本溪满族自治县", "盂县", "阳泉市城区", "大同市城区"])
    assert [counties.match(n).index for n in ("平山区", "本溪县", "孟县", "阳泉市城区")] == [0, 1, 2, 3]
    assert [counties.match(n).kind for n in ("平山区", "本溪县", "孟县")] == ["exact", "normalised", "variant"]
    assert counties.match("城区").indexes == (3, 4)
    assert counties.match("山平区").kind == "near"
    assert counties.match("").kind == "none"


def test_every_variant_pair_is_two_different_names_and_is_followed_from_either_side() -> None:
    for written, meant in load_variants():
        assert written != meant
        assert TownNames([(meant, None)]).match(written).kind == "variant"
        assert TownNames([(written, None)]).match(meant).kind == "variant"


def test_ten_thousand_names_are_looked_up_quickly_near_ones_included() -> None:
    letters = [chr(c) for c in range(0x4E00, 0x4E00 + 600)]
    draw = random.Random(7)
    known = [
        ("".join(draw.sample(letters, 3)) + draw.choice(["镇", "乡", "街道"]), f"{n % 90}县") for n in range(10_000)
    ]
    begun = time.perf_counter()
    towns = TownNames(known)
    assert sum(towns.match(*unit).kind == "exact" for unit in known) == len(known)
    for name, county in known[:300]:
        assert towns.match("某" + name, county).candidates[0].name == name
    # seconds where a comparison of all with all would take minutes
    assert time.perf_counter() - begun < 10


def test_every_town_of_both_plans_is_recognised_among_the_official_names() -> None:
    path = Path(__file__).resolve().parents[4] / "shared" / "data" / "plan_town_match.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout (shared/data)")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["code"]]
    official = list(dict.fromkeys((r["official_2023"], r["code"][:6]) for r in rows))
    towns = TownNames(official)
    for row in rows:
        found = towns.match(row["plan_text"])
        assert found.index is not None, row
        assert official[found.index] == (row["official_2023"], row["code"][:6])
        assert (found.kind == "exact") == (row["plan_text"] == row["official_2023"])
