"""Single pages bound into one PDF with bookmarks: text stays text, pages keep their sizes and their place on earth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import PlannerError
from ...core.libraries import library
from .jobs import Binding


@dataclass(frozen=True)
class Sheet:
    """One PDF to be bound: its bookmark, and the bookmark that it stands under (empty for none)."""

    file: Path
    title: str
    under: str = ""


def bind(sheets: Sequence[Sheet], binding: Binding, file: Path) -> None:
    """Write the sheets as one document, a bookmark each, in their order.

    Sheets that stand under a bookmark of another come beneath it; where that has no sheet of its own, it leads to
    the first of them.

    Raises
    ------
    PlannerError
        If a sheet cannot be read, or the document not written.
    """
    pypdf = library("pypdf")
    writer = pypdf.PdfWriter()
    marks: dict[str, object] = {}
    try:
        for sheet in sheets:
            first = len(writer.pages)
            writer.append(str(sheet.file), import_outline=False)
            if not sheet.under:
                marks[sheet.title] = writer.add_outline_item(sheet.title, first)
                continue
            if sheet.under not in marks:
                marks[sheet.under] = writer.add_outline_item(sheet.under, first)
            writer.add_outline_item(sheet.title, first, parent=marks[sheet.under])
        writer.add_metadata(
            {k: v for k, v in {"/Title": binding.title, "/Author": binding.author, "/Creator": "QGIS"}.items() if v}
        )
        writer.page_mode = "/UseOutlines"
        with file.open("wb") as stream:
            writer.write(stream)
    except (pypdf.errors.PyPdfError, OSError, ValueError, KeyError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise PlannerError("figures_export.not_bound", file=binding.file, reason=reason) from error
    finally:
        writer.close()
