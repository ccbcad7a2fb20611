"""The document of a step, declared in the file: plain words with places for fields, and nothing that is carried out."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from pydantic import Field

from jiceng.engines.packs.declarations import ColumnKey, Part, Sentence
from jiceng.lib.papers import Line, Paper, Signatures, Table
from jiceng.lib.papers import Part as Printed

PLACEHOLDER = re.compile(r"\{([a-z0-9_]*)\}")
"""A place in the words of a notice or a document where a field is put."""

WORDS = {
    "name": "事项名称", "organisation": "办理组织", "parent": "上一级组织", "opened": "立项日期", "person": "有关的人",
}  # fmt: skip
"""What a document may name besides fields; the person only in a case about one."""

EMPTY = "＿" * 8
"""What stands where something is still to be written by hand."""


class Section(Part):
    """One piece of a document: exactly one of its keys."""

    heading: str = Field(default="", max_length=100)
    text: str = Field(default="", max_length=5000)
    fields: tuple[ColumnKey, ...] = ()
    votes: bool = False
    roll: int = Field(default=0, ge=0, le=200)
    signatures: tuple[Sentence, ...] = ()
    seal: bool = False


class Template(Part):
    """A document that can be printed empty, filled in by hand, or filled from the case.

    In `title`, `to`, `heading` and `text`, `{key}` stands for a field that has been filled in by then, and the words of
    `WORDS` for what the case itself is.
    """

    title: Sentence
    to: str = Field(default="", max_length=100)
    section: tuple[Section, ...] = Field(min_length=1)

    def faults(self, filled: Container[str]) -> Iterator[tuple[str, str]]:
        """Where, and what is wrong; `filled` are the fields that the document may name."""
        texts = [(".title", self.title), (".to", self.to)]
        for place, one in enumerate(self.section, start=1):
            where = f".section[{place}]"
            kinds = [one.heading, one.text, one.fields, one.votes, one.roll, one.signatures or one.seal]
            if sum(1 for kind in kinds if kind) != 1:
                yield where, "只写 heading、text、fields、votes、roll 里的一种，或者 signatures 和 seal。"
            texts += [(f"{where}.heading", one.heading), (f"{where}.text", one.text)]
            for key in one.fields:
                if key not in filled or key in WORDS:
                    yield f"{where}.fields", f"没有“{key}”这个栏目；可以写到这一步填过的栏目。"
        for where, text in texts:
            for key in PLACEHOLDER.findall(text):
                if key not in filled:
                    words = "、".join(f"{{{word}}}" for word in WORDS)
                    yield (
                        where,
                        f"没有“{key}”这个栏目；可以写到这一步填过的栏目，和 {words}（{{person}} 只用于关于个人的事）。",
                    )


@dataclass(frozen=True)
class Filling:
    """What is put into a document: values in words, the fields' labels, votes as (name, number), and who signs."""

    values: Mapping[str, str]
    labels: Mapping[str, str]
    votes: tuple[tuple[str, str], ...]
    issuer: str
    number: str
    address: str


BALLOT = ("应到人数", "实到人数", "赞成票", "反对票", "弃权票")
"""What is counted at a vote, in the order of the sheet on which it is entered."""


def filled(template: Template, told: Filling) -> Paper:
    """The document; what has no value yet is a line to write on."""

    def put(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: told.values.get(found[1]) or EMPTY, text)

    parts = tuple(_part(one, told, put(one.heading), put(one.text)) for one in template.section)
    return Paper(put(template.title), parts, told.number, told.address, to=put(template.to))


def _part(one: Section, told: Filling, heading: str, text: str) -> Printed:
    if heading:
        return Line(heading, 1)
    if text:
        return Line(text)
    if one.fields:
        rows = tuple((told.labels[key], told.values.get(key, "")) for key in one.fields)
        return Table(("栏目", "内容"), rows, (1, 3))
    if one.votes:
        return Table(("计票", "数"), told.votes or tuple((word, "") for word in BALLOT), (2, 1))
    if one.roll:
        return Table(("序号", "姓名", "签名"), tuple((str(row), "", "") for row in range(1, one.roll + 1)), (1, 3, 4))
    return Signatures(one.signatures, told.issuer if one.seal else "")
