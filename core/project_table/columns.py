"""What the columns of a table of projects mean: which rows are its head, and which of the plan's fields each column tells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..intake.profiles import Profile, shipped_profile
from ..plan.schema import TABLES
from ..texts import LANGUAGES, text
from .grid import TableGrid
from .periods import read_period
from .tidy import in_one_line, name_key, same_text

#: A column that is left out, and one that goes into the remark with its caption.
LEFT_OUT, TO_REMARK = "", "to_remark"
#: What columns of such tables say that is no single field of the plan.
PROGRAMME, REGION, PERIOD, UNIT = "programme", "region", "period", "unit"
_COMPOSITE = (PROGRAMME, "code", "name", REGION, "tasks", "stated_quantity", UNIT, PERIOD)
_NOT_TOLD = ("programme_codes", "remark")
#: Fields of the plan that a column may fill as it stands.
_FIELDS = tuple(f.name for f in TABLES["project"].fields if f.name not in (*_COMPOSITE, *_NOT_TOLD))
ROLES = (*_COMPOSITE, *_FIELDS, "remark", TO_REMARK, LEFT_OUT)
#: These may stand in several columns.
_SEVERAL = ("departments", "stated_quantity", "tasks", "remark", TO_REMARK, LEFT_OUT)

#: Role → captions that plans and offices give it, compared without width, spaces and what stands in brackets.
_CAPTIONS: Mapping[str, tuple[str, ...]] = {
    PROGRAMME: (
        *(
            "重大工程",
            "重大工程名称",
            "重点工程",
            "重点工程名称",
            "所属工程",
            "所属重大工程",
            "所属重点工程",
            "工程类别",
        ),
        *("重大项目", "重点工程类别", "programme", "programmes"),
    ),
    "code": ("编号", "编码", "代码", "工程编号", "子工程编号", "code"),
    "name": (
        *(
            "子工程部署",
            "子工程",
            "子工程名称",
            "子项目",
            "子项目名称",
            "项目名称",
            "工程项目",
            "工程项目名称",
            "重点项目",
        ),
        *("重点项目名称", "建设项目", "项目", "工程名称", "名称", "project"),
    ),
    REGION: (
        *(
            "实施区域",
            "区域",
            "实施范围",
            "实施地点",
            "建设地点",
            "建设位置",
            "地点",
            "位置",
            "所在地",
            "所在区域",
            "涉及区域",
        ),
        *("项目区", "涉及县区", "涉及县", "县区", "所在县区", "行政区", "行政区域", "实施位置", "项目位置", "region"),
    ),
    "tasks": (
        *(
            "重点任务",
            "主要任务",
            "建设内容",
            "主要建设内容",
            "建设任务",
            "任务",
            "工程内容",
            "主要内容",
            "建设内容及规模",
        ),
        *("主要建设内容及规模", "主要措施", "任务要求", "tasks"),
    ),
    "stated_quantity": (
        *("工程量", "主要工程量", "建设规模", "规模", "实施规模", "数量", "任务量", "quantity"),
        *("面积", "治理面积", "修复面积", "建设面积", "实施面积", "长度", "治理长度"),
    ),
    UNIT: ("单位", "计量单位", "unit"),
    PERIOD: (
        *(
            "实施期限",
            "期限",
            "建设期限",
            "实施年限",
            "建设年限",
            "年限",
            "实施时间",
            "建设时间",
            "实施时序",
            "建设时序",
            "时序",
        ),
        *("实施周期", "建设周期", "周期", "工期", "规划期限", "起止年限", "起止年份", "实施期", "period"),
    ),
    "departments": (
        *(
            "责任部门",
            "责任单位",
            "实施单位",
            "实施主体",
            "责任主体",
            "主管部门",
            "牵头及配合部门",
            "责任部门单位",
            "departments",
        ),
        *("配合部门", "配合单位", "参与部门", "参与单位", "协作单位", "配合", "参与", "建设单位", "牵头配合部门"),
    ),
    "lead_department": ("牵头部门", "牵头单位", "牵头"),
    "start_year": ("起始年", "起始年份", "开始年", "开工年份", "开工时间", "起", "开始", "起始"),
    "end_year": ("完成年", "完工年份", "终止年份", "结束年", "完工时间", "止", "结束", "完成", "终止"),
    "remark": ("备注", "说明", "remark"),
    LEFT_OUT: ("序号", "顺序号", "序", "no", "no.", "#"),
}
#: Role → what a caption says somewhere in it, where it is none of the above
_SAYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("lead_department", ("牵头",)),
    ("departments", ("责任部门", "责任单位", "主管部门", "实施主体", "实施单位")),
    (PERIOD, ("期限", "年限", "时序")),
    (REGION, ("实施区域", "建设地点", "实施地点", "实施范围")),
    ("tasks", ("建设内容", "任务", "措施内容")),
    ("stated_quantity", ("工程量", "规模")),
    ("name", ("项目名称", "子工程")),
)
#: A head stands within so many rows, and is not higher than so many.
_HEAD_WITHIN, _HIGHEST_HEAD = 20, 3
_LOOKED_AT = 60
_LONGEST_CAPTION = 24
_UNIT_IN_CAPTION = re.compile(r"[(（\[]\s*([^()（）\[\]]{1,8})\s*[)）\]]\s*$")
_IN_HECTARES = re.compile(r"公顷|[hH][aA]\b|hm")
_CODE = re.compile(r"[A-Za-z]{0,3}[\d]{1,3}(?:[-.–][\d]{1,3}){0,3}|[A-Za-z]")


@dataclass(frozen=True)
class Layout:
    """How a grid is read.

    Attributes
    ----------
    head
        First and last row of the head; None where there is none.
    captions
        The columns' captions, empty where there is none.
    roles
        What each column tells: one of `ROLES`.
    units
        Column → unit that its caption gives.
    """

    head: tuple[int, int] | None
    captions: tuple[str, ...]
    roles: tuple[str, ...]
    units: Mapping[int, str] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        """The first row below the head."""
        return 0 if self.head is None else self.head[1] + 1

    def columns(self, role: str) -> list[int]:
        """The columns that tell something."""
        return [column for column, own in enumerate(self.roles) if own == role]


@dataclass(frozen=True)
class KnownNames:
    """By what columns without captions are told: keys of the plan's projects, programmes, codes and departments."""

    names: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()


def find_layout(
    grid: TableGrid,
    known: KnownNames,
    profiles: Sequence[Profile] | None = None,
    head: int | None = None,
    roles: Mapping[int, str] | None = None,
) -> Layout:
    """The layout that a grid seems to have, with what the planner has said of it.

    Parameters
    ----------
    head
        Position of the head's last row as the planner says; -1 for no head; None to look for it.
    roles
        Column → role as the planner says.
    """
    profiles = list(profiles or [shipped_profile()])
    found = _head(grid, profiles) if head is None else _head_to(grid, head, profiles) if head >= 0 else None
    captions = _captions(grid, found)
    told = _roles(captions, profiles) if found is not None else {}
    if "name" not in told.values():
        told = {**_by_content(grid, found, known), **told}
    chosen = dict(roles or {})
    taken = {role for role in chosen.values() if role not in _SEVERAL}
    final = []
    for column in range(grid.width):
        role = chosen.get(column, told.get(column))
        if role in taken and column not in chosen:
            role = None
        if role is None:
            role = (
                LEFT_OUT if found is None or _is_numbering(grid, found, column) or not captions[column] else TO_REMARK
            )
        final.append(role)
    units = {c: m[1] for c, caption in enumerate(captions) if (m := _UNIT_IN_CAPTION.search(caption))}
    return Layout(found, captions, tuple(final), units)


def _head(grid: TableGrid, profiles: Sequence[Profile]) -> tuple[int, int] | None:
    """The rows that name most columns, a name of projects among them."""
    best, most = None, 1
    for row in range(min(_HEAD_WITHIN, len(grid.rows))):
        if not _may_be_head(grid.rows[row]):
            continue
        found = _roles([in_one_line(cell) for cell in grid.rows[row]], profiles)
        meant = {role for role in found.values() if role not in (LEFT_OUT, TO_REMARK)}
        if "name" in meant and len(meant) > most:
            best, most = row, len(meant)
    if best is None:
        best = next((r for r in range(min(3, len(grid.rows))) if _names_only_names(grid.rows[r], profiles)), None)
    return None if best is None else _whole_head(grid, best, profiles)


def _names_only_names(row: Sequence[str], profiles: Sequence[Profile]) -> bool:
    """Whether a row is the head of a plain list: the caption of the projects, and at most that of their numbers."""
    filled = [in_one_line(cell) for cell in row if cell.strip()]
    roles = list(_roles(filled, profiles).values())
    return bool(filled) and len(roles) == len(filled) and "name" in roles


def _head_to(grid: TableGrid, last: int, profiles: Sequence[Profile]) -> tuple[int, int]:
    """The head that ends in a row which the planner chose."""
    last = min(last, len(grid.rows) - 1)
    covers = grid.covers()
    first = min([covers[last, c][0] for c in range(grid.width) if (last, c) in covers], default=last)
    first = max(first, last - _HIGHEST_HEAD + 1)
    return (first, last)


def _whole_head(grid: TableGrid, row: int, profiles: Sequence[Profile]) -> tuple[int, int]:
    """A head's first and last row: the rows that its merged cells take, and one below that only names parts of columns."""
    first = last = row
    for (at, _), (high, wide) in grid.merged.items():
        if at == row and wide < grid.width and high <= _HIGHEST_HEAD:
            last = max(last, at + high - 1)
    if last == row and row + 1 < len(grid.rows) and not grid.knows_merges:
        below = grid.rows[row + 1]
        named = _roles([in_one_line(cell) for cell in below], profiles)
        filled = [c for c, cell in enumerate(below) if cell.strip()]
        under_a_blank = any(not grid.rows[row][c].strip() for c in filled)
        if filled and len(named) == len(filled) and under_a_blank and _may_be_head(below):
            last = row + 1
    return (first, last)


def _may_be_head(row: Sequence[str]) -> bool:
    cells = [in_one_line(cell) for cell in row if cell.strip()]
    return bool(cells) and all(len(cell) <= _LONGEST_CAPTION for cell in cells)


def _captions(grid: TableGrid, head: tuple[int, int] | None) -> tuple[str, ...]:
    """Captions of the columns; of a head of two rows both, the upper first."""
    if head is None:
        return ("",) * grid.width
    covers = grid.covers()
    captions = []
    for column in range(grid.width):
        parts: list[str] = []
        for row in range(head[0], head[1] + 1):
            at = covers.get((row, column), (row, column))
            cell = in_one_line(grid.rows[at[0]][at[1]]) if at[0] >= head[0] else ""
            if not cell and not grid.knows_merges and row < head[1] and grid.rows[head[1]][column].strip():
                left = next((c for c in range(column, -1, -1) if grid.rows[row][c].strip()), None)
                cell = in_one_line(grid.rows[row][left]) if left is not None else ""
            if cell and cell not in parts:
                parts.append(cell)
        captions.append(" ".join(parts))
    return tuple(captions)


def _roles(captions: Sequence[str], profiles: Sequence[Profile]) -> dict[int, str]:
    """Column → role that its caption names, each role once but where it may stand in several columns."""
    roles: dict[int, str] = {}
    taken: set[str] = set()
    wanted: list[tuple[int, list[str]]] = []
    for column, caption in enumerate(captions):
        wanted.append((column, _meanings(caption, profiles) if caption else []))
    # a column that can mean only one thing first: 工程名称 is the programme's where 项目名称 stands beside it
    for column, meanings in sorted(wanted, key=lambda w: (len(w[1]), w[0])):
        role = next((m for m in meanings if m in _SEVERAL or m not in taken), None)
        if role is not None:
            roles[column] = role
            taken.add(role)
    return roles


def _meanings(caption: str, profiles: Sequence[Profile]) -> list[str]:
    """What a caption may mean, the surest first."""
    table = _known_captions()
    # of a caption in two rows the lower says more, unless it says nothing by itself
    parts = caption.split(" ")
    found: list[str] = []
    for written in (caption, *([parts[-1], parts[0]] if len(parts) > 1 else [])):
        bare = _bare(written)
        if "面积" in written and _IN_HECTARES.search(written):
            found.append("area_ha")
        if bare in table:
            found += [role for role in table[bare] if role not in found]
        for profile in profiles:
            for name in _FIELDS:
                if name == "area_ha" and not _IN_HECTARES.search(written):
                    continue  # an area counts only with its unit
                if any(_bare(known) == bare for known in profile.names_of("project", name)) and name not in found:
                    found.append(PERIOD if name == "period_note" else name)
        if found:
            break
    if not found:
        bare = _bare(caption)
        found = [role for role, words in _SAYS if any(word in bare for word in words)][:1]
    if "name" in found and "工程" in caption and PROGRAMME not in found:
        found.append(PROGRAMME)
    return found


def _known_captions() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}

    def add(role: str, words: Iterable[str]) -> None:
        for word in words:
            roles = table.setdefault(_bare(word), [])
            if role not in roles:
                roles.append(role)

    for role, words in _CAPTIONS.items():
        add(role, words)
    printed = {"programme": PROGRAMME, "project": "name", "county_of_project": REGION, "tasks": "tasks"}
    printed |= {"quantity": "stated_quantity", "period": PERIOD, "departments": "departments", "code": "code"}
    for key, role in printed.items():
        add(role, (text(f"tables.{key}", language) for language in LANGUAGES))
    for name in (*_FIELDS, "code", "name", "tasks", "stated_quantity", "remark"):
        add(name, (name, *(text(f"schema.project.{name}", language) for language in LANGUAGES)))
    add(PROGRAMME, (text("schema.project.programme_codes", language) for language in LANGUAGES))
    return table


def _by_content(grid: TableGrid, head: tuple[int, int] | None, known: KnownNames) -> dict[int, str]:
    """Columns that their cells tell, where no caption does: codes, names, programmes, periods, departments."""
    first = 0 if head is None else head[1] + 1
    rows = grid.rows[first : first + _LOOKED_AT]
    told: dict[int, str] = {}
    if grid.width == 1:
        return {0: "name"}
    shares: list[tuple[float, int, str]] = []
    for column in range(grid.width):
        cells = [in_one_line(row[column]) for row in rows if row[column].strip()]
        if not cells:
            continue
        tests = {
            "code": lambda c: c in known.codes or (bool(_CODE.fullmatch(c)) and not c.isdigit()),
            PROGRAMME: lambda c: name_key(c) in known.programmes or c.endswith("重大工程"),
            "name": lambda c: name_key(c) in known.names or (len(c) > 6 and c.endswith(("工程", "项目"))),
            PERIOD: lambda c: read_period(c).years is not None,
            "departments": lambda c: same_text(c) in known.departments or c.endswith(("局", "部门", "委")),
        }
        for role, is_one in tests.items():
            share = sum(map(is_one, cells)) / len(cells)
            if share >= 0.5:
                shares.append((share, -column, role))
    for _, column, role in sorted(shares, reverse=True):
        if -column not in told and role not in told.values():
            told[-column] = role
    return told


def _is_numbering(grid: TableGrid, head: tuple[int, int], column: int) -> bool:
    """Whether a column only counts rows: 1, 2, 3 …"""
    cells = [in_one_line(row[column]) for row in grid.rows[head[1] + 1 :]]
    numbers = [int(c) for c in cells if c.isdigit() and len(c) < 6]
    filled = sum(bool(c) for c in cells)
    counts = len(numbers) > 1 and numbers[0] == 1 and len(numbers) >= 0.7 * filled
    return counts and all(b - a in (0, 1) or b == 1 for a, b in zip(numbers, numbers[1:]))


def _bare(caption: str) -> str:
    folded = unicodedata.normalize("NFKC", caption).casefold()
    return re.sub(r"[(（\[].*?[)）\]]|[\s_:：/、*]", "", folded)
