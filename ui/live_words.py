"""What the live check says of a project and its findings, in the words that label and dock share."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from ..core.palette import GRADE_COLOURS
from ..core.report.values import area_text, grade_caption, review_caption, rule_caption, share_text
from ..core.siting.findings import Finding
from ..core.texts import text
from .findings_model import target_title

if TYPE_CHECKING:
    from ..core.siting.shown import Shown

DOT = "●"
#: Not the point within a number.
_SENTENCE_END = re.compile(r"(?<=。)|(?<=\.)\s+")


def heading_html(shown: Shown, title: str) -> str:
    """Grade, project and the ground of all findings."""
    grade = shown.result.grade
    parts = [f'<span style="color:{GRADE_COLOURS[grade]}">{DOT}</span> <b>{escape(grade_caption(grade))}</b>']
    if title:
        parts.append(escape(title))
    if shown.offending_m2 is not None:
        parts.append(escape(text("live.offending", area=area_text(shown.offending_m2))))
    elif shown.result.area_m2 is not None:
        parts.append(escape(text("live.whole", area=area_text(shown.result.area_m2))))
    return " · ".join(parts)


def finding_html(finding: Finding, brief: bool = False) -> str:
    """One finding: rule, what it concerns, how much; where there is no ground to measure, why it was found.

    A brief one gives the first sentence of it.
    """
    return f'<span style="color:{GRADE_COLOURS[finding.grade]}">{DOT}</span> {escape(finding_words(finding, brief))}'


def finding_words(finding: Finding, brief: bool = False) -> str:
    """The same without its colour."""
    parts = [rule_caption(finding.rule)]
    if finding.target_code or finding.target_name:
        parts.append(target_title(finding))
    if finding.geometry is not None:
        parts.append(f"{area_text(finding.area_m2)} ({share_text(finding.share_pct)})")
    else:
        parts.append(_SENTENCE_END.split(finding.advice, maxsplit=1)[0] if brief else finding.advice)
    if finding.reviewed:
        parts.append(review_caption(finding.reviewed))
    return " · ".join(parts)


def findings_html(shown: Shown, most: int, brief: bool = False) -> list[str]:
    """A line each of the worst findings, and how many more there are.

    Brief lines, for the map, only count what could not be judged: it says the same wherever one draws.
    """
    told = [f for f in shown.findings if not (brief and f.grade == "undetermined")]
    lines = [finding_html(f, brief) for f in told[:most]]
    more, unjudged = len(told) - most, len(shown.findings) - len(told)
    if more > 0:
        lines.append(escape(text("live.more", count=more)))
    if unjudged:
        lines.append(escape(text("live.undetermined", count=unjudged)))
    return lines
