"""Which rows of a table are titles, head, data, totals and remarks.

Tables that offices keep have a title above the head, heads of two rows whose cells are merged, totals between or below
the rows, and remarks at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import PlannerError
from ..texts import Message
from .table_cells import Cells

#: Role → names of its columns, the surest first; compared without case, spaces and units in brackets.
_NAMES = {
    "wkt": ("wkt", "geometry", "geom", "几何"),
    "lon": ("经度", "东经", "longitude", "lon", "lng", "long"),
    "lat": ("纬度", "北纬", "latitude", "lat"),
    "east": ("东坐标", "横坐标", "easting", "east", "东"),
    "north": ("北坐标", "纵坐标", "northing", "north", "北"),
    "x": ("x坐标", "坐标x", "x"),
    "y": ("y坐标", "坐标y", "y"),
    "ring": ("圈号", "地块圈号", "环号", "ring"),
    "point": ("点号", "界址点号", "界址点", "拐点号", "拐点编号", "拐点", "point"),
    "group": (
        *("地块编号", "地块号", "图斑编号", "图斑号", "项目编号", "工程编号", "编号", "编码", "代码", "标识码"),
        *("code", "bsm", "id", "plot", "地块名称", "项目名称", "地块", "项目", "图斑", "名称", "name"),
    ),
}
PAIRS = (("lon", "lat"), ("east", "north"), ("x", "y"))
#: What is said of a boundary point, not of the thing it belongs to.
_OF_A_POINT = (
    *("序号", "顺序号", "no", "no.", "#", "边长", "距离", "间距", "方位角", "转角", "高程", "高度", "h", "z", "备注", "说明"),
    *(name for role, names in _NAMES.items() if role not in ("group", "wkt") for name in names),
)  # fmt: skip
#: A head stands within the first rows; above it there may be titles.
_HEAD_WITHIN = 20
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?")
_TOTAL = re.compile(r".{0,8}(合计|小计|总计|共计)([:：(（].*)?")
_REMARK = re.compile(
    r"(注|备注|说明|附注|附|数据来源|资料来源|填报单位|制表单位|填表人|制表人|审核人|填报日期)\d*[:：].*"
)
_SECTION = re.compile(
    r"([一二三四五六七八九十]+[、.．]|[(（][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十]+[章节部分类]).*"
)
_EXAMPLES = 5


@dataclass(frozen=True)
class Headed:
    """A table below its head: column names, rows as wide as the head, their numbers in the file, columns by their role."""

    file: str
    head: list[str]
    rows: list[list[object]]
    numbers: list[int]
    roles: dict[str, int]
    notes: list[Message]

    def column(self, role: str) -> list[object]:
        """The cells of the column with a role."""
        return [row[self.roles[role]] for row in self.rows]

    def telling(self) -> list[int]:
        """Columns that tell things apart, if their cells differ: neither coordinates nor what is said of single points."""
        return [i for i, name in enumerate(self.head) if _bare(name) not in _OF_A_POINT and i not in self._used()]

    def _used(self) -> set[int]:
        return {at for role, at in self.roles.items() if role != "group"}


def below_its_head(file: str, cells: Cells) -> Headed:
    """A table without titles, totals and remarks, which are named.

    Raises
    ------
    PlannerError
        If there is no row of data, or one with more cells than the head.
    """
    first, last = _head_rows(cells.rows)
    names = cells.rows[first]
    for row in cells.rows[first + 1 : last + 1]:
        names = _merged(names, row)
    notes = []
    if first:
        titles = [str(next(v for v in row if v is not None))[:30] for row in cells.rows[:first]]
        notes.append(Message.of("intake_tables.head_below_titles", row=cells.numbers[first], titles=titles[:_EXAMPLES]))
    head = _distinct(names)
    rows: list[list[object]] = []
    numbers: list[int] = []
    aside: list[tuple[int, str]] = []
    for position in range(last + 1, len(cells.rows)):
        row, number = cells.rows[position], cells.numbers[position]
        if any(v is not None for v in row[len(head) :]):
            raise PlannerError("intake_tables.too_many_cells", path=file, row=number, found=len(row), wanted=len(head))
        if _is_aside(row, len(head)):
            aside.append((number, str(next(v for v in row if v is not None))[:30]))
            continue
        rows.append((row + [None] * len(head))[: len(head)])
        numbers.append(number)
    if not rows:
        raise PlannerError("intake_tables.empty", path=file)
    if aside:
        shown: list[object] = [Message.of("intake_tables.row_said", row=n, said=said) for n, said in aside[:_EXAMPLES]]
        more = ["…"] if len(aside) > _EXAMPLES else []
        notes.append(Message.of("intake_tables.set_aside", count=len(aside), rows=[*shown, *more]))
    return Headed(file, head, rows, numbers, _roles(names), notes)


def _head_rows(rows: list[list[object]]) -> tuple[int, int]:
    """First and last row of the head: what names coordinates, else the first row that fills half of the columns."""
    start = rows[:_HEAD_WITHIN]
    roles = [_roles(row) for row in start]
    naming = [i for i, r in enumerate(roles) if "wkt" in r or any(a in r and b in r for a, b in PAIRS)]
    if naming:
        at = naming[0]
    else:
        filled = [sum(v is not None for v in row) for row in start]
        enough = max(min(max(filled), 2), (max(filled) + 1) // 2)
        at = next(i for i, count in enumerate(filled) if count >= enough)
        at = at if all(_is_word(v) for v in rows[at] if v is not None) else 0  # numbers name no columns
    first = last = at
    names = rows[at]
    while first and _go_together(rows[first - 1], names):
        first -= 1
        names = _merged(rows[first], names)
    while last + 1 < len(start) and _go_together(names, rows[last + 1]):
        last += 1
        names = _merged(names, rows[last])
    return first, last


def _go_together(upper: list[object], lower: list[object]) -> bool:
    """Whether two rows are one head: the lower one names what lies under a cell merged sideways, and nothing else."""
    width = max(len(upper), len(lower))
    above, below = (row + [None] * (width - len(row)) for row in (upper, lower))
    if sum(v is not None for v in above) < 2 or not all(_is_word(v) for v in (*above, *below) if v is not None):
        return False
    under = [i for i in range(width) if below[i] is not None]
    if not any(above[i] is not None for i in under):
        return False
    for i in under:
        if above[i] is not None:  # the first column of a merged cell
            if i + 1 >= width or above[i + 1] is not None or below[i + 1] is None:
                return False
        elif i == 0 or below[i - 1] is None:
            return False
    return True


def _merged(upper: list[object], lower: list[object]) -> list[object]:
    """Names of two rows of a head: the lower row's, else the upper's, as of cells merged downwards."""
    width = max(len(upper), len(lower))
    above, below = (row + [None] * (width - len(row)) for row in (upper, lower))
    return [b if b is not None else a for a, b in zip(above, below)]


def _is_word(value: object) -> bool:
    return isinstance(value, str) and not _NUMBER.fullmatch(value.strip())


def is_total(first: str) -> bool:
    """Whether a row that begins so adds up others."""
    return bool(_TOTAL.fullmatch(re.sub(r"\s", "", first)))


def is_remark(alone: str) -> bool:
    """Whether what stands alone in its row is a remark on the table."""
    return bool(_REMARK.fullmatch(re.sub(r"\s", "", alone)))


def is_section(alone: str) -> bool:
    """Whether what stands alone in its row is a numbered heading of the rows that follow."""
    return bool(_SECTION.fullmatch(re.sub(r"\s", "", alone)))


def _is_aside(row: list[object], width: int) -> bool:
    """Whether a row is a total, a remark, or the heading of those that follow."""
    first = next(v for v in row if v is not None)
    if not isinstance(first, str):
        return False
    if is_total(first):
        return True
    alone = width > 1 and sum(v is not None for v in row) == 1
    return alone and (is_remark(first) or (width > 3 and is_section(first)))


def _bare(name: str) -> str:
    return re.sub(r"[\s_]|[(（\[].*?[)）\]]", "", name).casefold()


def _roles(row: list[object]) -> dict[str, int]:
    names = [_bare(v) if isinstance(v, str) else "" for v in row]
    roles: dict[str, int] = {}
    for role, known in _NAMES.items():
        at = next((names.index(n) for n in known if n in names), None)
        if at is not None:
            roles[role] = at
    return roles


def _distinct(row: list[object]) -> list[str]:
    """Column names, each once; a column without a name is called by its number."""
    names: list[str] = []
    for i, value in enumerate(row, start=1):
        name = str(value) if value is not None else f"#{i}"
        while name in names:
            name += "_"
        names.append(name)
    return names
