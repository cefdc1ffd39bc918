"""The rows of a table of projects: which are projects, which headings, sums and footnotes, and what each cell says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..intake.table_head import is_remark, is_section, is_total
from ..texts import Message
from .columns import LEFT_OUT, PERIOD, PROGRAMME, REGION, TO_REMARK, UNIT, Layout
from .grid import TableGrid
from .tidy import flowing, has_odd_width, in_one_line, name_key, tidy

#: Before a heading or a name in a list
_SECTION_NUMBER = re.compile(
    r"^[●○◆■\-\s]*(?:第?[一二三四五六七八九十]+[、.．章节]|[(（][一二三四五六七八九十]+[)）]|专栏\d+[-—]\d+)\s*"
)
#: How tables print that a cell is empty
_NOTHING = re.compile(r"[\s\-‐-―－/／]*")
_SUBSECTION = re.compile(r"^[●○◆■\-\s]*[(（][一二三四五六七八九十]+[)）]")
_PROGRAMME_ENDS = ("重点工程", "重大工程", "重点工程A", "重大工程A")
_LIST_LEAD = re.compile(r"^.{0,60}?(?:涉及[^。]{0,60}?)?(?:主要)?包括(?:了)?[:：]?")
_BULLET = re.compile(r"^[-•●]\s*")
_IN_WHOLE = (PROGRAMME, "code", "name", REGION, PERIOD, "departments", "lead_department", "project_type", "measure")


@dataclass(frozen=True)
class Entry:
    """One row that names a project, or several rows of it.

    Attributes
    ----------
    row
        Position of its first row in the grid.
    number
        That row's number in the file.
    cells
        Role → what the cell says, line breaks of the page taken out; where a role has several columns, one after another.
    name
        The cell of the name as it is written, line breaks and all.
    programme
        The programme that it stands under, as written; empty for none.
    group
        The heading below the programme's that it stands under: a zone, a type of projects.
    extras
        Caption and text of columns that go into the remark.
    said
        What was normalised in it.
    in_list
        Whether the name cell may list several projects (a table that has a row for each project does not).
    """

    row: int
    number: int
    cells: Mapping[str, str]
    name: str
    programme: str
    extras: tuple[tuple[str, str], ...] = ()
    said: tuple[Message, ...] = ()
    in_list: bool = False
    group: str = ""


@dataclass(frozen=True)
class Aside:
    """A row that is no project: ``heading``, ``sum``, ``note``, ``title`` or ``head``."""

    row: int
    number: int
    kind: str
    text: str


@dataclass
class TableRead:
    """What stands in a table."""

    entries: list[Entry] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)


def read_entries(
    grid: TableGrid, layout: Layout, programmes: Iterable[str], tells_group: Callable[[str], bool] = lambda _: False
) -> TableRead:
    """The projects of a table in their order, and the rows that are none.

    Parameters
    ----------
    programmes
        Keys (`name_key`) of the plan's programmes: a row that says nothing else is their heading.
    tells_group
        Whether a heading names a zone or a type of projects, below which programmes go on.
    """
    return _Reader(grid, layout, frozenset(programmes), tells_group).read()


class _Reader:
    def __init__(
        self, grid: TableGrid, layout: Layout, programmes: frozenset[str], tells_group: Callable[[str], bool]
    ) -> None:
        self._grid, self._layout, self._programmes = grid, layout, programmes
        self._tells_group = tells_group
        self._covers = grid.covers()
        self._found = TableRead()
        self._programme = self._group = ""
        self._after_break = self._list_goes_on = False
        told = [c for c, role in enumerate(layout.roles) if role != LEFT_OUT]
        self._plain_list = told == layout.columns("name")
        self._once_for_all = self._programmes_stand_once()
        self._head = {self._line(r) for r in range(*self._head_rows())}

    def read(self) -> TableRead:
        for row in range(len(self._grid.rows)):
            line = self._line(row)
            if not any(line):
                continue
            if row < self._layout.first_row:
                in_head = row >= self._head_rows()[0]
                self._aside(row, "head" if in_head else "title", line)
            elif line in self._head:
                self._aside(row, "head", line)
                self._after_break = True
            else:
                self._take(row, line)
        return self._found

    def _head_rows(self) -> tuple[int, int]:
        head = self._layout.head
        return (0, 0) if head is None else (head[0], head[1] + 1)

    def _line(self, row: int) -> tuple[str, ...]:
        """A row's own cells in one line each; those below a merged cell are empty."""
        return tuple("" if (row, c) in self._covers else in_one_line(v) for c, v in enumerate(self._grid.rows[row]))

    def _take(self, row: int, line: tuple[str, ...]) -> None:
        own = [cell for cell in line if cell]
        first = own[0]
        if self._list_goes_on and _SECTION_NUMBER.sub("", first) == first:
            self._go_on(row)
            return
        self._list_goes_on = False
        if is_total(first):
            self._aside(row, "sum", line)
        elif len(set(own)) == 1 and self._alone(row, first, line):
            return
        elif self._continues(row):
            self._join(row)
        else:
            self._add(row, line)
        self._after_break = False

    def _alone(self, row: int, cell: str, line: tuple[str, ...]) -> bool:
        """Whether what stands alone in its row is a remark or a heading; it is then kept as such."""
        column = next(c for c, v in enumerate(line) if v)
        wide = self._grid.merged.get((row, column), (1, 1))[1]
        if is_remark(cell):
            self._aside(row, "note", line)
            return True
        bare = _SECTION_NUMBER.sub("", cell)
        known = name_key(bare) in self._programmes or name_key(_without_code(bare)) in self._programmes
        is_list = self._plain_list and ("包括" in cell or cell.count("、") > 3)
        heading = (is_section(cell) or bare != cell) and not is_list
        across = self._grid.width > 2 and wide > max(1, self._grid.width // 2)
        in_name = self._layout.roles[column] == "name"
        if (
            known
            or heading
            or (across and not in_name)
            or (bare.endswith(_PROGRAMME_ENDS) and not is_list and self._plain_list)
        ):
            below = bool(_SUBSECTION.match(cell)) and bool(self._programme)
            if not known and (below or self._tells_group(bare)):
                self._group = bare
            else:
                self._programme, self._group = bare, ""
            self._aside(row, "heading", line)
            return True
        if across or (
            not in_name and self._layout.roles[column] not in (PROGRAMME, "code", "tasks") and self._grid.width > 2
        ):
            self._aside(row, "note", line)
            return True
        return False

    def _continues(self, row: int) -> bool:
        """Whether a row only carries on the one before, which a page cut in two."""
        if not self._found.entries or not self._after_break:
            return False
        new = self._cells(row)
        return not any(new.get(role) for role in ("code", REGION, PERIOD, "departments"))

    def _join(self, row: int) -> None:
        """Put a row's texts behind those of the row above the break."""
        before, cells = self._found.entries[-1], dict(self._found.entries[-1].cells)
        more = self._cells(row)
        for role, text in more.items():
            if text and role != PROGRAMME:
                cells[role] = in_one_line(f"{cells.get(role, '')} {text}")
        name = in_one_line(f"{before.name} {more.get('name', '')}")
        programme = before.programme
        if more.get(PROGRAMME):
            programme = in_one_line(f"{before.programme} {more[PROGRAMME]}")
            self._rename(before.programme, programme)
        self._found.entries[-1] = replace(before, cells=cells, name=name, programme=programme)

    def _go_on(self, row: int) -> None:
        """Put a paragraph behind the one whose list it goes on with, which a page cut in two."""
        before = self._found.entries[-1]
        more = tidy("".join(self._grid.rows[row]))
        self._list_goes_on = not more.endswith("。")
        name = in_one_line(f"{before.name} {more}").rstrip("。")
        self._found.entries[-1] = replace(before, name=name)

    def _rename(self, before: str, now: str) -> None:
        """A programme's name that a page cut in two, for all of its rows so far."""
        self._programme = now
        entries = self._found.entries
        for i in range(len(entries) - 1, -1, -1):
            if entries[i].programme != before:
                break
            entries[i] = replace(entries[i], programme=now)

    def _add(self, row: int, line: tuple[str, ...]) -> None:
        layout = self._layout
        cells = self._cells(row)
        name = "\n".join(self._raw(row, c) for c in layout.columns("name") if self._raw(row, c).strip())
        if not name_key(name) and not cells.get("code"):
            self._aside(row, "note", line)
            return
        if layout.columns(PROGRAMME):
            written = cells.get(PROGRAMME, "")
            if written:
                self._programme = written
            elif not self._once_for_all:
                self._programme = ""
        extras = tuple(
            (layout.captions[c], flowing(self._raw(row, c)))
            for c in layout.columns(TO_REMARK)
            if self._raw(row, c).strip()
        )
        if self._plain_list:
            self._list_goes_on = "包括" in name and not in_one_line(name).endswith("。")
            name = _LIST_LEAD.sub("", tidy(name)) if "包括" in name else _BULLET.sub("", tidy(name))
            name = name.rstrip("。")
        odd = [text for text in self._raws(row) if has_odd_width(text)]
        said = (Message.of("project_table.said_width", text=in_one_line(odd[0])[:30]),) if odd else ()
        self._found.entries.append(
            Entry(
                row, self._grid.numbers[row], cells, name, self._programme, extras, said, self._plain_list, self._group
            )
        )

    def _programmes_stand_once(self) -> bool:
        """Whether a programme is written once and left blank below: neither repeated nor in merged cells."""
        columns, first = self._layout.columns(PROGRAMME), self._layout.first_row
        if any(c in columns and high > 1 and row >= first for (row, c), (high, _) in self._grid.merged.items()):
            return False
        written = [[in_one_line(row[column]) for row in self._grid.rows[first:]] for column in columns]
        return not any(above and above == below for cells in written for above, below in zip(cells, cells[1:]))

    def _cells(self, row: int) -> dict[str, str]:
        """Role → text; units stand behind the quantities they belong to."""
        cells: dict[str, str] = {}
        for role in dict.fromkeys(self._layout.roles):
            if role in (LEFT_OUT, TO_REMARK, UNIT):
                continue
            texts = [self._told(row, column) for column in self._layout.columns(role)]
            joined = ("；" if role in ("departments", "stated_quantity") else "\n").join(text for text in texts if text)
            if joined:
                cells[role] = joined
        return cells

    def _told(self, row: int, column: int) -> str:
        role, raw = self._layout.roles[column], self._raw(row, column)
        if role == "departments":
            return tidy(raw)  # its lines may each be a name
        text = in_one_line(raw) if role in _IN_WHOLE else flowing(raw)
        if role == "stated_quantity" and re.fullmatch(r"[-+]?[\d.,]+", text):
            units = [in_one_line(self._raw(row, c)) for c in self._layout.columns(UNIT)]
            text += next((u for u in units if u), "") or self._layout.units.get(column, "")
        if text and role == "stated_quantity" and len(self._layout.columns(role)) > 1:
            text = re.sub(r"[(（\[].*", "", self._layout.captions[column].rpartition(" ")[2]) + text
        return text

    def _raw(self, row: int, column: int) -> str:
        """What stands in a cell, or in the merged one that it belongs to: downwards always, sideways only in the first."""
        at = self._covers.get((row, column), (row, column))
        if at != (row, column) and (at[0] < self._layout.first_row or at[1] != column):
            return ""
        cell = self._grid.rows[at[0]][at[1]]
        return "" if _NOTHING.fullmatch(cell) else cell

    def _raws(self, row: int) -> Sequence[str]:
        return [self._grid.rows[row][c] for c, role in enumerate(self._layout.roles) if role != LEFT_OUT]

    def _aside(self, row: int, kind: str, line: tuple[str, ...]) -> None:
        said = "　".join(dict.fromkeys(cell for cell in line if cell))
        self._found.asides.append(Aside(row, self._grid.numbers[row], kind, said))


def _without_code(name: str) -> str:
    return re.sub(r"^[A-Za-z\d.]{1,3}[、.\s]*(?=[^\dA-Za-z])|(?<=[^A-Za-z\d])\s*[A-Za-z\d]{1,2}$", "", name)
