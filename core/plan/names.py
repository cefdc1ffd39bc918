"""Names of towns and counties: one matcher for the ways in which one place is written.

A name is looked up in four steps, and the match says which of them found it:

``exact``
    the same characters;
``normalised``
    the same but for character width, spaces, 街道办事处 for 街道, and the ethnic part of a name
    (本溪县 = 本溪满族自治县, 雅河乡 = 雅河朝鲜族乡);
``variant``
    the same by a pair in ``name_variants.yaml`` (misprints, a town that became a subdistrict);
``near``
    only alike: candidates to show, never applied without asking.

A name that stands in several counties is settled by its county; without one, every place it may
mean is returned and nothing is chosen.
"""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path

VARIANTS_FILE = Path(__file__).with_name("name_variants.yaml")

#: Kinds of match that may be applied; ``near`` and ``none`` may not.
APPLICABLE = ("exact", "normalised", "variant")

NEAR_LIKENESS = 0.5
MOST_CANDIDATES = 3
_OTHER_COUNTY = 0.8
_LOOKED_AT = 20

_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|"
    "达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺|各"
)
_ETHNIC_PART = re.compile(rf"(?<=.)(?:(?:{_PEOPLES})族)+(?:自治)?(?=[县旗区乡镇]$)")
_OFFICE = re.compile(r"(?:街道)?办事处$|街道办$")
# `own` has two characters at least: 沙市区 is a district of that name, not 区 of 沙市
_HIGHER_UNITS = re.compile(r"^(?P<above>(?:.+?(?:省|自治区))?(?:.+?市)?)(?P<own>.+[县区市旗])$")
_KIND_OF_UNIT = re.compile(r"(?<=.)(?:街道|镇|乡|城区|区|县|市|旗)$")


@dataclass(frozen=True)
class Candidate:
    """A known name that may be meant.

    Attributes
    ----------
    index
        Position in the known names.
    likeness
        0 … 1, by edit similarity; lower where the county differs.
    """

    index: int
    name: str
    county: str | None
    likeness: float


@dataclass(frozen=True)
class NameMatch:
    """What a name was found to mean.

    Attributes
    ----------
    kind
        ``exact``, ``normalised``, ``variant``, ``near`` or ``none``.
    indexes
        Positions in the known names; several where the name alone cannot tell them apart, none for
        ``near`` and ``none``.
    candidates
        What it may mean, best first, where it is near or ambiguous.
    """

    kind: str
    indexes: tuple[int, ...] = ()
    candidates: tuple[Candidate, ...] = ()

    @property
    def index(self) -> int | None:
        """The one position found, or None."""
        return self.indexes[0] if len(self.indexes) == 1 else None

    @property
    def ambiguous(self) -> bool:
        """Whether several places bear the name and nothing tells them apart."""
        return len(self.indexes) > 1


class TownNames:
    """Known towns, subdistricts and other units that plan and data name in their own ways.

    Parameters
    ----------
    known
        Name and county (or None) of each unit.
    variants
        Pairs (written, meant); by default those of ``name_variants.yaml``.

    Examples
    --------
    >>> towns = TownNames([("桥头街道", "平山区"), ("苌池镇", "盂县")])
    >>> towns.match("桥头街道办事处", "平山区").kind
    'normalised'
    """

    def __init__(
        self, known: Sequence[tuple[str | None, str | None]], variants: Sequence[tuple[str, str]] | None = None
    ) -> None:
        self._known = [(name or "", county) for name, county in known]
        self._look_up = _LookUp([n for n, _ in self._known], town_key, variants)

    def match(self, name: str | None, county: str | None = None) -> NameMatch:
        """The known unit that a name means, looked for in its county if one is given."""
        for kind, found in self._look_up.steps(name or ""):
            settled = self._settled(found, name or "", county)
            if settled:
                same = all(self._known[i][0] == name for i in settled)
                applied = kind if kind == "variant" else "exact" if same else "normalised"
                several = [self._candidate(i, 1.0) for i in settled] if len(settled) > 1 else []
                return NameMatch(applied, tuple(settled), tuple(several))
        near = [self._candidate(i, likeness, county) for i, likeness in self._look_up.near(name or "")]
        near = sorted(near, key=lambda c: -c.likeness)[:MOST_CANDIDATES]
        return NameMatch("near" if near else "none", (), tuple(near))

    def _settled(self, found: Sequence[int], name: str, county: str | None) -> list[int]:
        """Of the units that bear a name: those in the county, else those whose county is unknown."""
        chosen = list(found)
        if county is not None:
            chosen = [i for i in found if same_county(self._known[i][1], county)]
            chosen = chosen or [i for i in found if self._known[i][1] is None]
        if len({county_key(self._known[i][1] or "") for i in chosen}) <= 1:
            chosen = [i for i in chosen if self._known[i][0] == name] or chosen
        return chosen

    def _candidate(self, index: int, likeness: float, county: str | None = None) -> Candidate:
        name, its_county = self._known[index]
        elsewhere = county is not None and its_county is not None and not same_county(county, its_county)
        return Candidate(index, name, its_county, round(likeness * (_OTHER_COUNTY if elsewhere else 1.0), 3))


class CountyNames:
    """Known counties and districts; short names and misprints count as the full name.

    Examples
    --------
    >>> CountyNames(["平山区", "本溪满族自治县"]).match("本溪县").index
    1
    """

    def __init__(self, known: Sequence[str | None], variants: Sequence[tuple[str, str]] | None = None) -> None:
        self._known = [name or "" for name in known]
        self._look_up = _LookUp(self._known, county_key, variants)

    def match(self, name: str | None) -> NameMatch:
        """The known county that a name means."""
        written = name or ""
        for kind, found in self._look_up.steps(written):
            fitting = [i for i in found if _same_above(self._known[i], written)]
            same = [i for i in fitting if self._known[i] == written]
            if fitting:
                applied = kind if kind == "variant" else "exact" if same else "normalised"
                chosen = same or fitting
                several = [Candidate(i, self._known[i], None, 1.0) for i in chosen] if len(chosen) > 1 else []
                return NameMatch(applied, tuple(chosen), tuple(several))
        near = tuple(
            Candidate(i, self._known[i], None, round(likeness, 3))
            for i, likeness in self._look_up.near(written)[:MOST_CANDIDATES]
        )
        return NameMatch("near" if near else "none", (), near)


def same_county(first: str | None, second: str | None) -> bool:
    """Whether two names mean one county; null is no county."""
    if not first or not second:
        return False
    if first == second:
        return True
    return _same_above(first, second) and read_as_meant(county_key(first)) == read_as_meant(county_key(second))


@lru_cache(maxsize=65536)
def town_key(name: str) -> str:
    """A town's name without what is only a way of writing it."""
    return _ETHNIC_PART.sub("", _OFFICE.sub("街道", _plain(name)))


@lru_cache(maxsize=65536)
def county_key(name: str) -> str:
    """A county's short name, without province and city."""
    return _ETHNIC_PART.sub("", _split_county(name)[1])


@lru_cache(maxsize=1)
def load_variants() -> tuple[tuple[str, str], ...]:
    """The pairs (written, meant) of the variants file."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with VARIANTS_FILE.open(encoding="utf-8") as file:
        entries = yaml.load(file, Loader=loader)  # noqa: S506  both loaders are the safe ones
    return tuple((entry["written"], entry["means"]) for entry in entries)


class _LookUp:
    """Positions of names by their key, by their key with variants read as meant, and by likeness."""

    def __init__(
        self, names: Sequence[str], key: Callable[[str], str], variants: Sequence[tuple[str, str]] | None
    ) -> None:
        self._key = key
        self._keys = [key(n) for n in names]
        self._variants = variants
        self._by_key = _positions(self._keys)
        self._by_variant: dict[str, list[int]] | None = None
        self._by_character: dict[str, list[int]] | None = None

    def steps(self, name: str) -> Iterable[tuple[str, list[int]]]:
        """The steps that may be applied, each with the positions it finds."""
        key = self._key(name)
        if not key:
            return
        yield "normalised", self._by_key.get(key, [])
        if self._by_variant is None:
            self._by_variant = _positions([read_as_meant(k, self._variants) for k in self._keys])
        yield "variant", self._by_variant.get(read_as_meant(key, self._variants), [])

    def near(self, name: str) -> list[tuple[int, float]]:
        """Positions of names that are alike, with their likeness, best first."""
        if self._by_character is None:
            self._by_character = _positions_by_character(self._keys)
        key = self._key(name)
        shared = Counter(i for c in set(_stem(key)) for i in self._by_character.get(c, ()))
        promising = heapq.nlargest(
            _LOOKED_AT, shared.items(), key=lambda item: (item[1] / (len(key) + len(self._keys[item[0]])), -item[0])
        )
        alike = [(i, _likeness(key, self._keys[i])) for i, _ in promising]
        return sorted(((i, x) for i, x in alike if x >= NEAR_LIKENESS), key=lambda item: (-item[1], item[0]))


def _positions(keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        if key:
            found[key].append(position)
    return dict(found)


def _positions_by_character(keys: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for position, key in enumerate(keys):
        for character in set(_stem(key)):
            found[character].append(position)
    return found


def _likeness(first: str, second: str) -> float:
    """Edit similarity of two keys; one name as town and as subdistrict is very alike."""
    whole = SequenceMatcher(None, first, second, autojunk=False).ratio()
    stems = SequenceMatcher(None, _stem(first), _stem(second), autojunk=False).ratio()
    return max(whole, 0.95 * stems)


def _plain(name: str) -> str:
    """One width, no spaces, no invisible characters."""
    folded = unicodedata.normalize("NFKC", name)
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc"))


@lru_cache(maxsize=65536)
def _split_county(name: str) -> tuple[str, str]:
    """What a county's name says of province and city, and the county itself."""
    plain = _plain(name)
    found = _HIGHER_UNITS.match(plain)
    return (found["above"], found["own"]) if found else ("", plain)


def _same_above(first: str, second: str) -> bool:
    """Whether province and city, as far as both names give them, agree."""
    one, other = _split_county(first)[0], _split_county(second)[0]
    return one.endswith(other) or other.endswith(one)


def _stem(key: str) -> str:
    return _KIND_OF_UNIT.sub("", key)


def read_as_meant(key: str, variants: Sequence[tuple[str, str]] | None = None) -> str:
    """A name with every known variant in it read as what it means."""
    for written, meant in load_variants() if variants is None else variants:
        if written in key:
            key = key.replace(written, meant)
    return key
