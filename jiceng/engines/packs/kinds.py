"""The kinds of file that belong to no engine: code tables, local names of posts, holidays, and outlines of places."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from jiceng.kernel.access import Role
from jiceng.kernel.places.models import DIGITS, Level

from .declarations import Declaration, Part, Sentence, declares

type Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]+$", max_length=24)]


@declares("codes", "代码表")
class Codes(Declaration):
    """代码表：一个标准里的代码和名称。"""

    kind: Literal["codes"]
    standard: str = ""
    codes: dict[Code, Sentence] = Field(min_length=1)

    def faults(self) -> Iterator[tuple[str, str]]:
        names = list(self.codes.values())
        for code, name in self.codes.items():
            if names.count(name) > 1:
                yield f"codes.{code}", f"“{name}”有不止一个代码。"

    def labels(self) -> tuple[tuple[str, str], ...]:
        """Codes and names in the order of the file, as columns of facts want them."""
        return tuple(self.codes.items())


class Title(Part):
    """One name of a post, and the function that it stands for."""

    title: Sentence
    role: Role


@declares("titles", "职务名称")
class Titles(Declaration):
    """职务名称：各地叫法对应哪种岗位职能。"""

    kind: Literal["titles"]
    title: tuple[Title, ...] = Field(min_length=1)

    def faults(self) -> Iterator[tuple[str, str]]:
        names = [one.title for one in self.title]
        for place, name in enumerate(names):
            if name in names[:place]:
                yield f"title[{place + 1}]", f"“{name}”写了两次。"


@declares("calendar", "放假安排")
class Holidays(Declaration):
    """放假安排：一年里哪些周一到周五放假，哪些周末上班。"""

    kind: Literal["calendar"]
    year: int = Field(ge=1950, le=2200)
    rests: tuple[date, ...] = Field(min_length=1)
    works: tuple[date, ...] = ()

    def faults(self) -> Iterator[tuple[str, str]]:
        for word, days, on_weekend in (("rests", self.rests, False), ("works", self.works, True)):
            for place, day in enumerate(days, start=1):
                where = f"{word}[{place}]"
                if day.year != self.year:
                    yield where, f"{day} 不在 {self.year} 年。"
                elif (day.weekday() >= 5) != on_weekend:
                    yield where, f"{day} {'不是周末，不用写进' if on_weekend else '是周末，不用写进'} {word}。"
                elif day in days[: place - 1]:
                    yield where, f"{day} 写了两次。"


def _without_height(given: Any) -> Any:
    return given[:2] if isinstance(given, list) else given


def _closed[R: tuple[Any, ...]](ring: R) -> R:
    if ring[0] != ring[-1]:
        raise ValueError("一圈的最后一点要和第一点相同。")
    return ring


def _twelve(code: str) -> str:
    """A division's own digits with the closing noughts that make up twelve; the code of a cell stays as it is."""
    return code.ljust(DIGITS[Level.VILLAGE], "0") if code.isdigit() else code


type Longitude = Annotated[float, Field(ge=-180, le=180)]
type Latitude = Annotated[float, Field(ge=-90, le=90)]
type Position = Annotated[tuple[Longitude, Latitude], BeforeValidator(_without_height)]
type Ring = Annotated[tuple[Position, ...], Field(min_length=4), AfterValidator(_closed)]
type Rings = Annotated[tuple[Ring, ...], Field(min_length=1)]


class Lenient(BaseModel):
    """An object of a GeoJSON file: whoever drew it may have put more into it than is read here."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)


class Polygon(Lenient):
    """One outline, with its holes."""

    type: Literal["Polygon"]
    coordinates: Rings

    @property
    def rings(self) -> Rings:
        return self.coordinates


class MultiPolygon(Lenient):
    """Several outlines, as of a place with islands."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[tuple[Rings, ...], Field(min_length=1)]

    @property
    def rings(self) -> Rings:
        return tuple(ring for polygon in self.coordinates for ring in polygon)


class Whose(Lenient):
    """What is read of a feature's properties: the division's code, with or without its closing noughts."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]+$", max_length=32), AfterValidator(_twelve)]


class Feature(Lenient):
    """One place."""

    type: Literal["Feature"]
    properties: Whose
    geometry: Annotated[Polygon | MultiPolygon, Field(discriminator="type")]


class Geometry(Lenient):
    """Outlines of places: GeoJSON (RFC 7946, degrees), with two members of our own: whence it is, and its 审图号."""

    type: Literal["FeatureCollection"]
    source: Sentence
    approval: Annotated[str, Field(max_length=60)] = ""
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]

    def faults(self) -> Iterator[tuple[str, str]]:
        """(where, sentence) of every place that is drawn twice."""
        seen: set[str] = set()
        for number, one in enumerate(self.features, start=1):
            if one.properties.code in seen:
                yield f"features[{number}].properties.code", f"代码 {one.properties.code} 画了两次，请并成一个。"
            seen.add(one.properties.code)

    def outlines(self) -> dict[str, Rings]:
        """The rings of every place, by its code."""
        return {one.properties.code: one.geometry.rings for one in self.features}
