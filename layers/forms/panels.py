"""Panels of the forms: what the plan says about the row that is being looked at, as a text that is only read.

A panel is HTML that asks QGIS for the value of an expression, so it needs no relation and no plugin.  It stands in a
form twice, in two groups of which QGIS shows the one that it can fill.  Whatever comes
from the file is escaped.  Panels are found by their names; their words are in the language they were written in.
"""

from __future__ import annotations

import json

from ...core.plan.schema import CODE_LISTS
from ...core.texts import text
from ..value_maps import rule_codes
from . import expressions as say
from .expressions import escaped, quoted

#: Functions of expressions that the plugin brings: of a layer's source and a feature's id, giving HTML.
PAPERS_FUNCTION, HISTORY_FUNCTION = "restoration_papers", "restoration_history"

#: Of the tables in a label, in pixels: what the narrowest form (English) shows whole once the plugin lets lines break.
WIDTH = 480
_LOOK = (
    "h4{margin:4px 0 6px 0}th{color:#666;font-weight:normal;white-space:nowrap}td.n,td.g{white-space:nowrap}"
    "td.n{text-align:right}p{margin:3px 0}.hint{color:#777}.all{border:none;padding:0}"
    ".violation{color:#b2182b;font-weight:bold}.review{color:#b35806}.undetermined{color:#666}"
)
#: In a web page.  QGIS fixes its height when it is loaded, at a width of hardly anything; until then it has this one.
PAGE_STYLE = (
    "<style>.wide{min-width:480px}"
    "body{font-family:'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Zen Hei',"
    "sans-serif;font-size:13px;color:#333;margin:2px 6px}h4,td,th{font-size:13px}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:4px 10px 4px 0;"
    f"text-align:left;vertical-align:top}}{_LOOK}</style>"
    "<script>var page=document.documentElement;page.className='wide';"
    "window.onload=function(){setTimeout(function(){page.className=''},0)}</script>"
)
#: By this the plugin knows the labels that show panels.
LABEL_MARK = "<!--restoration_planner-->"
#: In a label, which has the window's own font and colours, and knows little CSS.
LABEL_STYLE = f"<style>td,th{{padding:3px 10px 3px 0;text-align:left;vertical-align:top}}{_LOOK}</style>"


def panel_expression(panel: str, language: str) -> str:
    """The expression that gives a panel's HTML."""
    return _PANELS[panel](language)


def panel_html(panel: str, language: str) -> str:
    """The code of a panel for QGIS before 3.30, whose HTML widget runs scripts."""
    asked = json.dumps(panel_expression(panel, language), ensure_ascii=False)
    return f"{PAGE_STYLE}<script>document.write(expression.evaluate({asked}));</script>"


def panel_text(panel: str, language: str) -> str:
    """The same panel for QGIS 3.30 and later, whose text widget evaluates expressions (an HTML widget may run none)."""
    asked = say.late(panel_expression(panel, language).replace("<table>", f"<table width={WIDTH}>"))
    return f"{LABEL_STYLE}{LABEL_MARK}<table width={WIDTH}><tr><td class=all>[%{asked}%]</td></tr></table>"


def panel_names() -> tuple[str, ...]:
    """All panels."""
    return tuple(_PANELS)


def _t(key: str, language: str, **values: object) -> str:
    return text(f"project_form.{key}", language, **values)


def _lit(key: str, language: str) -> str:
    return quoted(_t(key, language))


def _named(codes: str, field: str, language: str) -> str:
    """The caption of a code, or the code itself where it is not one of ours."""
    pairs = ",".join(f"{quoted(c)},{quoted(text(f'codes.{codes}.{c}', language))}" for c in CODE_LISTS[codes])
    return f"coalesce(map_get(map({pairs}),{field}),{escaped(field)})"


def _rule_named(field: str, language: str) -> str:
    pairs = ",".join(f"{quoted(r)},{quoted(text(f'siting.rule_{r}', language))}" for r in rule_codes())
    return f"coalesce(map_get(map({pairs}),{field}),{escaped(field)})"


def _table(
    title: str, source: str, heads: list[str], cells: list[str], only: str, order: str, nothing: str, language: str
) -> str:
    """A heading and a table of another table's rows that belong to this one."""
    row = "'<tr>'||" + "||".join(cells) + "||'</tr>'"
    rows = f"coalesce(aggregate(@sibling,'concatenate',{row},{only},'',{order}),'')"
    head = "<table><tr>" + "".join(f"<th>{_t(h, language)}</th>" for h in heads) + "</tr>"
    shown = (
        f"with_variable('rows',{rows},if(@rows='',{quoted('<p class=hint>' + _t(nothing, language) + '</p>')},"
        f"{quoted(head)}||@rows||'</table>'))"
    )
    missing = "<p class=hint>" + _t("panel.not_in_project", language, table=text(f"schema.{source}", language)) + "</p>"
    return f"{quoted('<h4>' + _t(title, language) + '</h4>')}||{say.from_sibling(source, shown, quoted(missing))}"


def _cell(value: str) -> str:
    return f"'<td>'||{value}||'</td>'"


def _number(value: str, places: int) -> str:
    return f"'<td class=n>'||coalesce(format_number({value},{places}),'')||'</td>'"


def _findings(language: str) -> str:
    grades = ",".join(quoted(g) for g in CODE_LISTS["grade"])
    named = _named("grade", '"grade"', language)
    grade = f"'<td class=\"g '||if(\"grade\" in ({grades}),\"grade\",'')||'\">'||{named}||'</td>'"
    cells = [
        grade,
        _cell(_rule_named('"rule"', language)),
        _cell(f"trim({escaped(chr(34) + 'target_code' + chr(34))}||' '||{escaped(chr(34) + 'target_name' + chr(34))})"),
        _number('"area_m2"/10000', 4),
        _number('"share_pct"', 1),
        _cell(escaped('"advice"')),
    ]
    heads = ["panel.grade", "panel.rule", "panel.target", "panel.area_ha", "panel.share", "panel.advice"]
    only = "\"project_code\"=attribute(@parent,'code')"
    return _table(
        "panel.findings", "siting_finding", heads, cells, only, f"array_find(array({grades}),\"grade\")",
        "panel.no_findings", language,
    )  # fmt: skip


def _reviews(language: str) -> str:
    cells = [
        _cell(_rule_named('"rule"', language)),
        _cell(escaped('"target_code"')),
        _cell(_named("decision", '"decision"', language)),
        _cell(escaped('"note"')),
        _cell(escaped('"document"')),
        _cell(f"trim({escaped(chr(34) + 'reviewer' + chr(34))}||' '||{escaped(chr(34) + 'reviewed_at' + chr(34))})"),
    ]
    heads = ["panel.rule", "panel.target", "panel.decision", "panel.note", "panel.document", "panel.reviewer"]
    only = "\"project_code\"=attribute(@parent,'code')"
    return _table("panel.reviews", "siting_review", heads, cells, only, '"reviewed_at"', "panel.no_reviews", language)


def _line(caption: str, value: str, language: str) -> str:
    words = f"'<p><span class=hint>'||{_lit(caption, language)}||'</span> '||@said||'</p>'"
    return f"with_variable('said',{value},if(coalesce(@said,'')='','',{words}))"


def _area_text(language: str) -> str:
    return f"format_number({say.measured_area(1e4)},2)||' '||{_lit('panel.ha', language)}"


def _site(language: str) -> str:
    """What the chosen codes are called, and where the drawn site lies."""
    chosen = {
        "panel.zones_chosen": _names_of("zone_codes", "restoration_zone"),
        "panel.key_areas_chosen": _names_of("key_area_codes", "key_area"),
    }
    label = f"{chr(34)}code{chr(34)}||' '||coalesce({chr(34)}name{chr(34)},'')"
    drawn = {
        "panel.zones_drawn": say.places_with_shares("restoration_zone", label),
        "panel.key_areas_drawn": say.places_with_shares("key_area", label),
        "panel.counties_drawn": say.places_with_shares("admin_unit", '"name"', say.COUNTY),
        "panel.area_drawn": _area_text(language),
    }
    unsited = quoted(f"<p class=hint>{_t('panel.unsited', language)}</p>")
    lines = "||".join(_line(k, v, language) for k, v in chosen.items())
    where = "||".join(_line(k, v, language) for k, v in drawn.items())
    as_text = quoted(f"<p class=hint>{_t('panel.lists_as_text', language, left='{', right='}')}</p>")
    asked = say.late(f"{PAPERS_FUNCTION}('',0)")
    without_plugin = f"if({asked} is NULL,{as_text},'')"
    return f"{lines}||if($geometry is NULL,{unsited},{where})||{without_plugin}"


def _names_of(field: str, table: str) -> str:
    label = f"{escaped(chr(34) + 'code' + chr(34))}||' '||{escaped(chr(34) + 'name' + chr(34))}"
    belongs = f"strpos(coalesce(attribute(@parent,'{field}'),''),'\"'||\"code\"||'\"')>0"
    return say.from_sibling(table, f"aggregate(@sibling,'concatenate',{label},{belongs},'；',\"code\")")


def _measured(language: str) -> str:
    unsited = quoted(f"<p class=hint>{_t('panel.unsited', language)}</p>")
    return f"if($geometry is NULL,{unsited},{_measured_line(_area_text(language), language)})"


def _measured_km2(language: str) -> str:
    shown = f"format_number({say.measured_area(1e6)},2)||' km²'"
    unsited = quoted(f"<p class=hint>{_t('panel.no_outline', language)}</p>")
    return f"if($geometry is NULL,{unsited},{_measured_line(shown, language)})"


def _measured_line(shown: str, language: str) -> str:
    crossing = quoted(f"<p class=review>{_t('panel.crossing', language)}</p>")
    return f"if(is_valid($geometry),{_line('panel.area_drawn', shown, language)},{crossing})"


def _key_areas(language: str) -> str:
    cells = [_cell(escaped('"code"')), _cell(escaped('"name"')), _number('"stated_area_km2"', 2)]
    only = "\"zone_code\"=attribute(@parent,'code')"
    heads = ["panel.code", "panel.name", "panel.stated_km2"]
    return _table("panel.key_areas", "key_area", heads, cells, only, '"code"', "panel.no_key_areas", language)


def _projects(language: str) -> str:
    cells = [
        _cell(escaped('"code"')),
        _cell(escaped('"name"')),
        _cell(f"{escaped(chr(34) + 'start_year' + chr(34))}||if(\"end_year\" is NULL,'','—'||to_string(\"end_year\"))"),
    ]
    only = "strpos(coalesce(\"programme_codes\",''),'\"'||attribute(@parent,'code')||'\"')>0"
    heads = ["panel.code", "panel.name", "panel.period"]
    return _table("panel.projects", "project", heads, cells, only, '"code"', "panel.no_projects", language)


def _values(language: str) -> str:
    cells = [
        _cell(escaped('"year"')),
        _cell(f"trim({escaped(chr(34) + 'operator' + chr(34))}||' '||{escaped(chr(34) + 'value' + chr(34))})"),
        _cell(escaped('"text"')),
    ]
    only = "\"indicator_code\"=attribute(@parent,'code')"
    heads = ["panel.year", "panel.value", "panel.as_printed"]
    return _table("panel.values", "indicator_value", heads, cells, only, '"year"', "panel.no_values", language)


def _indicator_parts(language: str) -> str:
    cells = [_cell(escaped('"unit_name"')), _cell(escaped('"value"'))]
    only = "\"indicator_code\"=attribute(@parent,'code')"
    heads = ["panel.unit", "panel.value"]
    return _table("panel.parts", "indicator_share", heads, cells, only, '"unit_name"', "panel.no_parts", language)


def _brought(function: str, language: str) -> str:
    """What the plugin shows here: `eval` gives null where nobody has brought the function, then a hint stands here."""
    called = f"{function}(layer_property(@layer_id,''source''),$id)"
    hint = quoted(f"<p class=hint>{_t(f'panel.{function}_hint', language)}</p>")
    return f"coalesce(eval('{called}'),{hint})"


_PANELS = {
    "site": _site,
    "measured": _measured,
    "measured_km2": _measured_km2,
    "findings": lambda language: f"{_findings(language)}||{quoted('<br>')}||{_reviews(language)}",
    "key_areas": _key_areas,
    "projects": _projects,
    "values": lambda language: f"{_values(language)}||{quoted('<br>')}||{_indicator_parts(language)}",
    "papers": lambda language: _brought(PAPERS_FUNCTION, language),
    "history": lambda language: _brought(HISTORY_FUNCTION, language),
}
