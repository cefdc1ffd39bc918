"""Where a paper's file is: relative to the plan, found again after both moved, and never an address of another machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.papers.attached import (
    COPIED,
    INSIDE,
    LARGEST_BYTES,
    LINKED,
    Wanted,
    attach,
    content,
    folder_beside,
    is_missing,
    papers_of,
    point_to,
    save_as,
    where,
)
from restoration_planner.core.papers.media import is_picture, may_be_opened, media_type
from restoration_planner.core.papers.missing import find_missing
from restoration_planner.core.papers.places import is_outside, resolved, stored_path
from restoration_planner.tests.small_plan import make_small_plan

posix = pytest.mark.skipif(os.name != "posix", reason="paths as POSIX has them")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "规划 文件夹"
    folder.mkdir()
    return make_small_plan(folder / "plan.gpkg")


def paper_file(path: Path, words: bytes = b"%PDF-1.4 approved") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(words)
    return path


def test_a_path_is_kept_relative_with_forward_slashes(plan: Path) -> None:
    inside = paper_file(plan.parent / "资料" / "批复（一）.pdf")
    assert stored_path(plan, inside) == "资料/批复（一）.pdf"
    assert stored_path(plan, plan.parent / "a" / ".." / "b.pdf") == "b.pdf"
    assert resolved(plan, "资料/批复（一）.pdf") == inside
    beside = paper_file(plan.parent.parent / "共享" / "图　1.pdf")  # with a full-width space
    assert stored_path(plan, beside) == "../共享/图　1.pdf"
    assert resolved(plan, "../共享/图　1.pdf") == beside
    assert is_outside(plan, "../共享/图.pdf") and not is_outside(plan, "资料/批复.pdf")
    assert not is_outside(plan, "..批复.pdf")


def test_a_plan_that_moves_with_its_folder_finds_its_papers(plan: Path, tmp_path: Path) -> None:
    attach(plan, 1, [Wanted(paper_file(plan.parent / "资料" / "a.pdf"))])
    moved = shutil.move(plan.parent, tmp_path / "别处")
    (paper,) = papers_of(Path(moved) / plan.name, 1)
    assert not is_missing(Path(moved) / plan.name, paper)
    assert content(Path(moved) / plan.name, paper.id) == b"%PDF-1.4 approved"


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "//server/share/x.pdf",
        "\\\\server\\share\\x.pdf",
        "http://example.org/x.pdf",
        "file:///etc/passwd",
        "/vsicurl/http://example.org/x\x00.pdf",
        "a\nb.pdf",
        "x" * 5000,
        pytest.param("C:\\Users\\x.pdf", marks=posix),
        pytest.param("D:/x.pdf", marks=posix),
    ],
)
def test_what_is_no_place_of_a_file_here_is_not_followed(plan: Path, odd: str) -> None:
    assert resolved(plan, odd) is None


def test_odd_places_in_a_plan_from_elsewhere_read_as_missing(plan: Path) -> None:
    import sqlite3
    from contextlib import closing

    (paper,) = attach(plan, 1, [Wanted(paper_file(plan.parent / "a.pdf"))])
    for odd in ("//server/share/x.pdf", "x" * 300, "a/" * 1000 + "b"):
        with closing(sqlite3.connect(str(plan), isolation_level=None)) as connection:
            connection.execute("UPDATE project_paper SET path = ?", (odd,))
        (read,) = papers_of(plan, 1)
        assert is_missing(plan, read)
        with pytest.raises(PlannerError) as refused:
            content(plan, paper.id)
        assert refused.value.message.id in ("papers.no_place", "papers.missing")


@posix
def test_a_name_that_is_no_text_is_refused(plan: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(plan.parent) + b"/\xff\xfe.pdf"))
    try:
        odd.write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes only text as names")
    for keep in (LINKED, INSIDE):
        with pytest.raises(PlannerError) as refused:
            attach(plan, 1, [Wanted(odd, keep)])
        assert refused.value.message.id == "papers.odd_name"
        str(refused.value).encode("utf-8")


def test_a_copy_lies_beside_the_plan_and_overwrites_nothing(plan: Path, tmp_path: Path) -> None:
    first = paper_file(tmp_path / "u盘" / "现场.jpg", b"one")
    second = paper_file(tmp_path / "相机" / "现场.jpg", b"two")
    papers = attach(plan, 1, [Wanted(first, COPIED), Wanted(second, COPIED)])
    papers += attach(plan, 2, [Wanted(first, COPIED)])  # the same content is not copied again
    assert [p.path for p in papers] == [
        "plan_papers/现场.jpg",
        "plan_papers/现场 (2).jpg",
        "plan_papers/现场.jpg",
    ]
    assert [p.title for p in papers] == ["现场"] * 3
    assert sorted(p.name for p in folder_beside(plan).iterdir()) == ["现场 (2).jpg", "现场.jpg"]
    assert [content(plan, p.id) for p in papers] == [b"one", b"two", b"one"]


def test_no_copy_stays_where_attaching_failed(plan: Path, tmp_path: Path) -> None:
    file = paper_file(tmp_path / "现场.jpg")
    with pytest.raises(PlannerError):
        attach(plan, 99, [Wanted(file, COPIED)])
    assert not folder_beside(plan).exists() and file.exists()


def test_what_is_too_large_or_a_database_is_not_kept_inside(plan: Path, tmp_path: Path) -> None:
    large = tmp_path / "航拍.tif"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)  # a hole: takes no room
    other = make_small_plan(tmp_path / "另一规划.gpkg")
    for file, how, sentence in (
        (large, INSIDE, "too_large"),
        (other, INSIDE, "database"),
        (other, COPIED, "database"),
    ):
        with pytest.raises(PlannerError) as refused:
            attach(plan, 1, [Wanted(file, how)])
        assert refused.value.message.id == f"papers.{sentence}"
    (linked,) = attach(plan, 1, [Wanted(other)])
    assert linked.sha256 is None and where(plan, linked) == other and not folder_beside(plan).exists()


def test_saving_never_writes_over_the_plan(plan: Path) -> None:
    (paper,) = attach(plan, 1, [Wanted(paper_file(plan.parent / "a.pdf"))])
    before = plan.read_bytes()
    for target in (plan, Path(f"{plan.parent}/../{plan.parent.name}/{plan.name}")):
        with pytest.raises(PlannerError) as refused:
            save_as(plan, paper.id, target)
        assert refused.value.message.id == "papers.plan_itself"
    assert plan.read_bytes() == before
    with pytest.raises(PlannerError):
        save_as(plan, paper.id, plan.parent / "nowhere" / "x.pdf")
    assert sorted(p.name for p in plan.parent.iterdir()) == ["a.pdf", "plan.gpkg"]


def test_a_moved_file_is_found_by_its_content_before_its_name(plan: Path) -> None:
    gone = paper_file(plan.parent / "批复.pdf", b"the approval")
    (paper,) = attach(plan, 1, [Wanted(gone)])
    assert find_missing(plan, [paper]) == []
    gone.unlink()
    assert find_missing(plan, [paper]) == []
    named = paper_file(plan.parent / "旧" / "批复.PDF", b"another one")
    (found,) = find_missing(plan, [paper])
    assert (found.file, found.is_same) == (named, False)
    renamed = paper_file(plan.parent / "新" / "zz.pdf", b"the approval")
    paper_file(plan.parent / "新" / "xx.pdf", b"no approval!")  # as many bytes
    (found,) = find_missing(plan, [paper])
    assert (found.file, found.is_same) == (renamed, True)
    exact = paper_file(plan.parent / "新" / "批复.pdf", b"the approval")
    (found,) = find_missing(plan, [paper])
    assert (found.file, found.is_same) == (exact, True)
    pointed = point_to(plan, paper.id, found.file)
    assert pointed.path == "新/批复.pdf" and papers_of(plan, 1) == [pointed] and not is_missing(plan, pointed)


def test_only_usual_kinds_are_handed_to_other_programs() -> None:
    for name in ("批复.PDF", "a.jpeg", "表.xlsx", "图.dwg", "x.wps"):
        assert may_be_opened(name)
    for name in (
        "a.exe",
        "a.pdf.exe",
        "a.lnk",
        "a.url",
        "a.desktop",
        "a.js",
        "a.pdf.",
        "a.pdf ",
        "pdf",
        "a.bat",
        ".sh",
    ):
        assert not may_be_opened(name)
    assert is_picture("IMG.HEIC") and not is_picture("图.dwg") and media_type("x.unknown") == "application/octet-stream"
