"""A project's papers and photos as HTML for its form: small pictures, titles, where they are, and what is missing."""

from __future__ import annotations

import base64
import time
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import Qgis
from qgis.PyQt.QtCore import QBuffer, QByteArray, QIODevice, QSize, QUrl

from ..core.errors import PlannerError
from ..core.texts import text

if TYPE_CHECKING:
    from ..core.store.project_papers import Paper

#: So many papers are shown in the form, and no picture is begun after so long (s): the form must open at once.
_SHOWN, _PATIENCE_S = 40, 0.6
_PICTURE = QSize(160, 120)
#: Content that the plan holds is read for a picture up to this size.
_MOST_BYTES = 40 << 20
#: From this QGIS on the form hands links to the system; before, it would show the file in place of the panel.
_LINKS_FROM = 33000
_MISSING = "color:#b3001b"


def papers_html(plan_path: str, fid: int) -> str:
    """The papers of a project as an HTML table in QGIS's language; a sentence where there are none, or no reading them."""
    from ..core.papers.attached import papers_of

    try:
        papers = papers_of(plan_path, int(fid))
    except PlannerError as error:
        return f"<p>{escape(str(error))}</p>"
    if not papers:
        return f"<p class=hint>{escape(text('papers.html.none'))}</p>"
    end = time.monotonic() + _PATIENCE_S
    rows = "".join(_row(Path(plan_path), paper, time.monotonic() < end) for paper in papers[:_SHOWN])
    more = len(papers) - _SHOWN
    last = text("papers.html.more", count=more) if more > 0 else text("papers.html.how")
    return f"<table>{rows}</table><p class=hint>{escape(last)}</p>"


def _row(plan: Path, paper: Paper, with_picture: bool) -> str:
    from ..core.papers.attached import is_missing
    from ..core.papers.places import resolved
    from .papers_dialog.values import position_of, size_of, taken_of

    gone = is_missing(plan, paper)
    file = resolved(plan, paper.path) if paper.path is not None and not gone else None
    title = f"<b>{escape(paper.title)}</b>"
    if file is not None and _may_be_linked(file):
        address = bytes(QUrl.fromLocalFile(str(file)).toEncoded()).decode("ascii")
        title = f'<a href="{escape(address)}">{title}</a>'
    lines = [title]
    if gone:
        lines.append(
            f'<span style="{_MISSING}">{escape(text("papers.html.missing"))}: {escape(paper.path or "")}</span>'
        )
        lines.append(escape(text("papers.html.mend")))
    else:
        lines.append(escape(paper.path or text("papers.html.inside")) + f" · {escape(size_of(paper))}")
    facts = [fact for fact in (taken_of(paper), position_of(paper)) if fact != "–"]
    if facts:
        lines.append(escape(" · ".join(facts)))
    picture = _picture(plan, paper, file) if with_picture and not gone else ""
    cell = f'<img src="{picture}">' if picture else ""
    return f"<tr><td width=1%>{cell}</td><td>{'<br>'.join(lines)}</td></tr>"


def _may_be_linked(file: Path) -> bool:
    from ..core.papers.media import may_be_opened

    return Qgis.versionInt() >= _LINKS_FROM and may_be_opened(file.name)


def _picture(plan: Path, paper: Paper, file: Path | None) -> str:
    """A small picture as a data address; empty where there is none."""
    from ..core.papers.media import is_picture

    if not is_picture(paper.name if file is None else file.name) or (file is None and paper.size > _MOST_BYTES):
        return ""
    try:
        changed = 0 if file is None else file.stat().st_mtime_ns
    except OSError:
        return ""
    return _made_picture(plan, paper.id, paper.sha256, file, changed)


@lru_cache(maxsize=256)
def _made_picture(plan: Path, number: int, sha256: str | None, file: Path | None, changed: int) -> str:
    from ..core.papers.attached import content
    from .papers_dialog.thumbnails import small_picture

    try:
        image = small_picture(content(plan, number) if file is None else file, _PICTURE)
    except (PlannerError, OSError):
        return ""
    if isinstance(image, str):
        return ""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    kind = "PNG" if image.hasAlphaChannel() else "JPG"
    image.save(buffer, kind, 80)
    media = "image/png" if kind == "PNG" else "image/jpeg"
    return f"data:{media};base64,{base64.b64encode(bytes(held)).decode('ascii')}"
