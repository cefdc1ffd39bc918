"""Expressions of the forms: what QGIS's own expression language can say about a plan, without any Python.

They stand in the stored styles, so plain QGIS evaluates them too.  Another table of the same plan is found by the
source of its layer, whatever the layer is called and however many plans are open; where it has not been added to the
project, an expression gives null or true: nothing is refused for want of a layer.
"""

from __future__ import annotations

#: An equal-area projection of the ellipsoid in which straight edges in longitude and latitude have exactly the
#: area of the official formula (国土调查办发〔2008〕32号): the mean longitude of an edge times the area between its latitudes.
EQUAL_AREA_EPSG = 6933

#: A zone or county counts as touched from this share of the site on; a key area is named where the key areas hold half of it.
TOUCHED_SHARE = 0.01
MOSTLY_SHARE = 0.5


def quoted(value: str) -> str:
    """A text as a literal of QGIS's expression language."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def sibling(table: str) -> str:
    """Id of the layer that shows another table of the same file, or null.

    A source may say more after the table's name (a filter).  Forms ask this dozens of times while they open, so what
    stays the same is worked out once, and sources are compared without patterns.
    """
    wanted = f"regexp_replace(layer_property(@layer_id,'source'),'[|]layername=.*$','|layername={table}')"
    found = "left(layer_property(@element,'source')||'|',length(@wanted)+1)=@wanted||'|'"
    return f"with_variable('wanted',{wanted},array_first(array_filter(@layer_ids,coalesce({found},false))))"


def late(expression: str) -> str:
    """The same, parsed only when it is asked for; null where it fails.

    A form parses every constraint and default many times to see which field concerns which, and QGIS's parser takes
    twice as long for each function within a function: this cuts both.  Fields that matter are named beside it.
    """
    return f"eval({quoted(expression)})"


def from_sibling(table: str, found: str, otherwise: str = "NULL") -> str:
    """An expression over another table, as ``@sibling``; `otherwise` where it is not in the project."""
    value = late(found) if otherwise == "NULL" else f"coalesce({late(found)},{otherwise})"
    return f"with_variable('sibling',{sibling(table)},if(@sibling is NULL,{otherwise},{value}))"


def fulfilled(expression: str, *fields: str) -> str:
    """A condition that is parsed `late`; it concerns these fields, and holds where QGIS cannot tell."""
    named = " or ".join(f'"{field}" is not NULL' for field in fields)
    return f"if({named},coalesce({late(expression)},true),true)"


def at_first(field: str, expression: str) -> str:
    """A default that is offered before the row has a name, and leaves alone what the field holds then or later.

    QGIS before 3.26 works the defaults of a new row out again whenever a field changes that they may ask about, and
    would put them back in place of what was typed.
    """
    return f'if("{field}" is NULL and coalesce("name",\'\')=\'\',{expression},"{field}")'


def entries(field: str) -> str:
    """The entries of a list field as an array; names with commas or quotes come out in pieces, which only texts show."""
    bare = f"regexp_replace(coalesce(\"{field}\",''),'[{{}}\"]','')"
    return f"array_filter(string_to_array({bare},','),@element is not NULL and trim(@element)<>'')"


def written_list(array: str) -> str:
    """An array as the plan writes lists (``{"1","4"}``), or null where it is empty."""
    quoted_entry = "'\"'||replace(replace(@element,'\\\\','\\\\\\\\'),'\"','\\\\\"')||'\"'"
    joined = f"'{{'||array_to_string(array_foreach(@entries,{quoted_entry}),',')||'}}'"
    return f"with_variable('entries',{late(array)},if(coalesce(array_length(@entries),0)=0,NULL,{joined}))"


# --- areas and places --------------------------------------------------------------------------


def measured_area(unit_in_m2: float) -> str:
    """Ellipsoidal area of the feature by the official formula, in units of so many m²; null without a valid geometry."""
    return (
        f"if(is_valid($geometry),area(transform($geometry,'EPSG:4490','EPSG:{EQUAL_AREA_EPSG}'))/{unit_in_m2:g},NULL)"
    )


#: A sketch that crosses itself is told, not refused, and lies somewhere all the same.
_SITE = "if(is_valid(geometry(@parent)),geometry(@parent),buffer(geometry(@parent),0))"
_SHARE = f"(coalesce(area(intersection($geometry,{_SITE})),0)/area({_SITE}))"
_NEAR = "intersects_bbox($geometry,geometry(@parent))"


#: Shares of the site are carried before the texts that they sort, as so many digits of parts in ten million.
_DIGITS = 8


def _touched(table: str, label: str, only: str, shown: str) -> str:
    """What touches the site, as an array of texts, largest share first; `shown` is made of ``@element``: share and label."""
    share = f"lpad(to_string(round(10000000*{_SHARE})),{_DIGITS},'0')"
    gathered = late(f"aggregate(@sibling,'array_agg',{share}||({label}),{only} and {_NEAR})")
    enough = f"to_int(left(@element,{_DIGITS}))>={TOUCHED_SHARE * 10_000_000:.0f}"
    largest_first = late("array_reverse(array_sort(@touched))")
    listed = f"with_variable('touched',array_filter(@touched,{enough}),array_foreach({largest_first},{shown}))"
    return from_sibling(table, f"with_variable('touched',{gathered},{late(listed)})")


def places(table: str, key: str, only: str = "true") -> str:
    """Which features of another table hold the site, as an array of a field, largest share first."""
    return f"if($geometry is NULL,NULL,{_touched(table, key, only, f'substr(@element,{_DIGITS + 1})')})"


def places_with_shares(table: str, key: str, only: str = "true") -> str:
    """The same as a text: name and share, largest first."""
    shown = f"substr(@element,{_DIGITS + 1})||' '||format_number(to_int(left(@element,{_DIGITS}))/100000,1)||'%'"
    listed = late(_touched(table, escaped(key), only, shown))
    return f"if($geometry is NULL,NULL,array_to_string({listed},'；'))"


def _held_together(table: str) -> str:
    return from_sibling(table, f"aggregate(@sibling,'sum',{_SHARE},{_NEAR})", "0")


def _where_drawn(expression: str) -> str:
    return f"if($geometry is NULL,NULL,{late(expression)})"


COUNTY = "\"level\"='county'"
ZONES_OF_SITE = _where_drawn(written_list(places("restoration_zone", '"code"')))
KEY_AREAS_OF_SITE = _where_drawn(
    f"if(coalesce({_held_together('key_area')},0)<{MOSTLY_SHARE},NULL,"
    f"{written_list(places('key_area', chr(34) + 'code' + chr(34)))})"
)
COUNTIES_OF_SITE = _where_drawn(written_list(places("admin_unit", '"name"', COUNTY)))
#: Of a key area or a unit: the zone that holds most of it.
ZONE_OF_SITE = _where_drawn(f"array_first({places('restoration_zone', chr(34) + 'code' + chr(34))})")


# --- codes and years ---------------------------------------------------------------------------

_CODES = 'try(aggregate(@layer_id,\'array_agg\',"code","code" is not NULL and trim("code")<>\'\'),array())'
_CODE_LINES = (
    "coalesce(try(aggregate(@layer_id,'concatenate',\"code\",\"code\" is not NULL and trim(\"code\")<>'','\\n'),''),'')"
)
#: A pattern of all codes that are built as this one; what is neither letter nor digit stands for itself.
_ALIKE = (
    "regexp_replace(regexp_replace(regexp_replace(\"code\",'([^0-9A-Za-z])','\\\\\\\\1'),"
    "'[0-9]+','[0-9]+'),'[A-Za-z]+','[A-Za-z]+')"
)

#: A code is built as the codes there are (``A1``: letters and a number; ``1.01``: numbers with a point between),
#: and begins with the code of one of its programmes.
_CODE_FITS = (
    f"with_variable('codes',{_CODE_LINES},@codes='' or regexp_match(@codes,'(^|\\n)'||{_ALIKE}||'(\\n|$)')>0)"
    f" and with_variable('programmes',{entries('programme_codes')},array_length(@programmes)=0"
    ' or array_length(array_filter(@programmes,left("code",length(@element))=@element))>0)'
)
CODE_FITS_PLAN = f'"code" is NULL or ({fulfilled(_CODE_FITS, "code", "programme_codes")})'


def next_code() -> str:
    """The code after the highest of the first programme, written as its other codes are; null without a programme.

    Gaps stay: a number that the plan left out may be used elsewhere.  `core.plan.project_entry.next_code` is the
    same in Python.
    """
    tail = "regexp_substr(@element,'([0-9]+)$')"
    of_programme = (
        "array_filter(@codes,left(@element,length(@programme))=@programme"
        " and regexp_match(substr(@element,length(@programme)+1),'^[^0-9A-Za-z]?[0-9]+$')>0)"
    )
    numbered = "array_filter(@codes,regexp_match(@element,'[0-9]+$')>0)"
    separator = (
        "coalesce(regexp_substr(if(array_length(@own)>0,substr(@pattern[0],length(@programme)+1),@pattern[0]),"
        "'([^0-9A-Za-z])[0-9]+$'),'')"
    )
    width = f"coalesce(array_min(array_foreach(@pattern,length({tail}))),1)"
    number = f"to_string(coalesce(array_max(array_foreach(@own,to_int({tail}))),0)+1)"
    made = f"@programme||{separator}||if(length({number})<{width},lpad({number},{width},'0'),{number})"
    return (
        f"with_variable('programme',array_first({entries('programme_codes')}),if(@programme is NULL,NULL,"
        f"with_variable('codes',{_CODES},with_variable('own',{of_programme},"
        f"with_variable('pattern',if(array_length(@own)>0,@own,{numbered}),{made})))))"
    )


#: Kept once it is there; filled in as soon as the programme is chosen.
CODE_DEFAULT = f'if("code" is NULL or trim("code")=\'\',if("programme_codes" is NULL,NULL,{late(next_code())}),"code")'
#: Where there is only one programme.
PROGRAMME_DEFAULT = late(
    written_list(
        from_sibling("programme", "if(aggregate(@sibling,'count',1)=1,aggregate(@sibling,'array_agg',\"code\"),NULL)")
    )
)


def horizon(end: str) -> str:
    """The plan's first or last year (`end` is ``start_year`` or ``end_year``), or null."""
    return late(from_sibling("plan", f"to_int(aggregate(@sibling,'min',\"{end}\"))"))


YEARS_IN_ORDER = '"start_year" is NULL or "end_year" is NULL or "start_year"<="end_year"'
_YEARS_IN_HORIZON = from_sibling(
    "plan",
    "with_variable('first',coalesce(to_int(aggregate(@sibling,'min',\"start_year\")),-9999),"
    "with_variable('last',coalesce(to_int(aggregate(@sibling,'min',\"end_year\")),9999),"
    'coalesce("start_year",@first)>=@first and coalesce("start_year",@first)<=@last'
    ' and coalesce("end_year",@last)>=@first and coalesce("end_year",@last)<=@last))',
    "true",
)
YEARS_IN_HORIZON = fulfilled(_YEARS_IN_HORIZON, "start_year", "end_year")
YEARS_OR_NOTE = '("start_year" is not NULL and "end_year" is not NULL) or length(trim(coalesce("period_note",\'\')))>0'


# --- what a field may hold ---------------------------------------------------------------------


def one_line(field: str, most: int) -> str:
    """A text of one line and at most so many characters."""
    return f'"{field}" is NULL or (length("{field}")<={most} and regexp_match("{field}",\'[\\\\r\\\\n\\\\t]\')=0)'


def present(field: str) -> str:
    """The field says something."""
    return f"length(trim(coalesce(\"{field}\",'')))>0"


def written_as_list(field: str) -> str:
    """Null, empty, or a list as the plan writes it."""
    entry = r'"([^"\\\\]|\\\\.)+"'
    return f"coalesce(\"{field}\",'') in ('','{{}}') or regexp_match(\"{field}\",'^[{{]{entry}(,{entry})*[}}]$')>0"


def known(field: str, table: str) -> str:
    """Every entry of a list field is a code of a table, as far as that table is in the project."""
    codes = from_sibling(table, "aggregate(@sibling,'array_agg',\"code\")")
    all_known = (
        f"with_variable('known',{codes},@known is NULL or"
        f" array_length(array_filter({entries(field)},not array_contains(@known,trim(@element))))=0)"
    )
    return fulfilled(all_known, field)


#: Where land is taken inside a red line, the opinion is named.
OPINION_NAMED = (
    f'{present("opinion_ref")} or not (coalesce("new_construction_land",false) or coalesce("temporary_land",false))'
    f" or not coalesce({late(from_sibling('red_line', 'overlay_intersects(@sibling)', 'false'))},false)"
)


def escaped(value: str) -> str:
    """A text as it may stand in HTML."""
    return f"replace(coalesce(to_string({value}),''),map('&','&amp;','<','&lt;','>','&gt;'))"
