"""Tables as a text document that Word and LibreOffice open, with merged cells and repeated heads (odfpy)."""

from __future__ import annotations

import io
from typing import Any

from ..libraries import library
from ..texts import text
from .grid import Cell, Sheet, TableFile
from .setting import (
    HEAD_FACE,
    HEAD_FILL,
    INK,
    LATIN_HEAD_FACE,
    LATIN_TEXT_FACE,
    LONG_SPAN,
    MARGIN,
    PAPER,
    RULE,
    TEXT_FACE,
)

_ALIGN = {"left": "start", "centre": "center", "right": "end"}
_SIZES = {"title": "14pt", "head": "9pt", "body": "9pt", "total": "9pt", "note": "8pt", "footer": "8pt"}
#: What a column wants of a page that is wide enough
_CENTIMETRES_PER_CHARACTER = 0.4
_HEAD_LOOKS = ("title", "head", "total")
#: A rule of the thinnest that printers hold
_RULE = f"0.5pt solid {RULE}"


def to_odt(file: TableFile) -> bytes:
    """The document as bytes; every table begins a page of its own paper.

    Raises
    ------
    PlannerError
        If odfpy is missing.
    """
    return _Document(file).content()


class _Document:
    """One text document while it is made."""

    def __init__(self, file: TableFile) -> None:
        self._text, self._table, self._style = (library(f"odf.{part}") for part in ("text", "table", "style"))
        self._add_text = library("odf.teletype").addTextToElement  # keeps spaces that stand together
        self._document = library("odf.opendocument").OpenDocumentText()
        self._document.meta.addElement(library("odf.dc").Title(text=file.sheets[0].title))
        self._made: dict[str, Any] = {}
        for paper in dict.fromkeys(sheet.paper for sheet in file.sheets):
            self._add_paper(paper)
        for number, sheet in enumerate(file.sheets, 1):
            self._add_sheet(sheet, number)

    def content(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._document.write(out)
        return out.getvalue()

    def _add_sheet(self, sheet: Sheet, number: int) -> None:
        title = self._text.H(
            outlinelevel=1, stylename=self._paragraph("title", "centre", sheet.paper), text=sheet.title
        )
        self._document.text.addElement(title)
        whole = sum(column.width for column in sheet.columns)
        width = min(PAPER[sheet.paper][0] - 2 * MARGIN, whole * _CENTIMETRES_PER_CHARACTER)
        style = self._automatic(
            f"table{number}",
            "table",
            self._style.TableProperties(width=f"{width:.2f}cm", align="center", bordermodel="collapsing"),
        )
        table = self._table.Table(name=f"{number}", stylename=style)
        for position, column in enumerate(sheet.columns):
            properties = self._style.TableColumnProperties(columnwidth=f"{width * column.width / whole:.3f}cm")
            table.addElement(
                self._table.TableColumn(
                    stylename=self._automatic(f"table{number}.{position}", "table-column", properties)
                )
            )
        head = self._table.TableHeaderRows()
        for line in sheet.head:
            head.addElement(self._row(sheet, line, "head"))
        table.addElement(head)
        for position, line in enumerate(sheet.body):
            table.addElement(self._row(sheet, line, "total" if position in sheet.sums else "body"))
        self._document.text.addElement(table)
        for note in sheet.notes or ("",):
            self._document.text.addElement(self._text.P(stylename=self._paragraph("note", "left"), text=note))

    def _row(self, sheet: Sheet, line: tuple[Cell | None, ...], look: str) -> Any:
        properties = self._style.TableRowProperties(keeptogether="always")
        row = self._table.TableRow(stylename=self._automatic("row", "table-row", properties))
        for column, cell in enumerate(line):
            if cell is None:
                row.addElement(self._table.CoveredTableCell())
                continue
            align = "centre" if look == "head" or cell.columns > 1 else sheet.columns[column].align
            given: dict[str, object] = {"stylename": self._cell_style(look, cell.rows > LONG_SPAN)}
            if cell.rows > 1:
                given["numberrowsspanned"] = cell.rows
            if cell.columns > 1:
                given["numbercolumnsspanned"] = cell.columns
            if cell.is_number:
                given.update(valuetype="float", value=repr(cell.value))
            made = self._table.TableCell(**given)
            for paragraph in cell.shown.split("\n"):
                line_of_text = self._text.P(stylename=self._paragraph(look, align))
                self._add_text(line_of_text, paragraph)
                made.addElement(line_of_text)
            row.addElement(made)
        return row

    def _paragraph(self, look: str, align: str, paper: str | None = None) -> Any:
        """A paragraph's style; with a paper, it begins a page of it."""
        name = "-".join(part for part in (look, align, paper) if part)
        if name not in self._made:
            given = {"masterpagename": paper} if paper else {}
            style = self._style.Style(name=name, family="paragraph", **given)
            spaced = {"title": {"marginbottom": "0.25cm"}, "note": {"margintop": "0.1cm"}}.get(look, {})
            kept = {"keepwithnext": "always"} if look == "title" else {}
            style.addElement(self._style.ParagraphProperties(textalign=_ALIGN[align], **spaced, **kept))
            heading = look in _HEAD_LOOKS
            size, face, latin = (
                _SIZES[look],
                HEAD_FACE if heading else TEXT_FACE,
                LATIN_HEAD_FACE if heading else LATIN_TEXT_FACE,
            )
            style.addElement(
                self._style.TextProperties(
                    fontfamily=latin,
                    fontfamilyasian=face,
                    fontsize=size,
                    fontsizeasian=size,
                    color=INK,
                    language="en",
                    country="US",
                    languageasian="zh",
                    countryasian="CN",
                )
            )
            # the footer's belongs to the page, the others to the text
            (self._document.styles if look == "footer" else self._document.automaticstyles).addElement(style)
            self._made[name] = style
        return self._made[name]

    def _cell_style(self, look: str, at_top: bool) -> Any:
        fill = {"backgroundcolor": HEAD_FILL} if look == "head" else {}
        placed = "top" if at_top else "middle"
        properties = self._style.TableCellProperties(border=_RULE, padding="0.08cm", verticalalign=placed, **fill)
        return self._automatic(f"cell-{look}-{placed}", "table-cell", properties)

    def _automatic(self, name: str, family: str, properties: Any) -> Any:
        if name not in self._made:
            style = self._style.Style(name=name, family=family)
            style.addElement(properties)
            self._document.automaticstyles.addElement(style)
            self._made[name] = style
        return self._made[name]

    def _add_paper(self, paper: str) -> None:
        """Page layout and master page of a paper, with the page's number at its foot."""
        width, height = PAPER[paper]
        margins = dict.fromkeys(("margintop", "marginbottom", "marginleft", "marginright"), f"{MARGIN}cm")
        layout = self._style.PageLayout(name=f"layout-{paper}")
        layout.addElement(
            self._style.PageLayoutProperties(
                pagewidth=f"{width}cm", pageheight=f"{height}cm", printorientation="landscape", **margins
            )
        )
        below = self._style.FooterStyle()
        below.addElement(self._style.HeaderFooterProperties(minheight="0.6cm", margintop="0.2cm"))
        layout.addElement(below)
        self._document.automaticstyles.addElement(layout)
        master = self._style.MasterPage(name=paper, pagelayoutname=layout)
        footer = self._style.Footer()
        line = self._text.P(stylename=self._paragraph("footer", "centre"))
        before, between, after = text("tables.page", page="\0", pages="\0").split("\0")
        line.addText(before)
        line.addElement(self._text.PageNumber(selectpage="current"))
        line.addText(between)
        line.addElement(self._text.PageCount())
        line.addText(after)
        footer.addElement(line)
        master.addElement(footer)
        self._document.masterstyles.addElement(master)
