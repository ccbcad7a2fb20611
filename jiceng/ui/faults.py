"""What is wrong with a field, in the voice of the house: what, where, what to do. Django's own sentences name no field.

A form that says its own sentence keeps it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms import BoundField

_ASKED: tuple[tuple[tuple[type[forms.Widget], ...], str, str], ...] = (
    ((forms.FileInput,), "选择", "选择一个文件"),
    ((forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple), "选择", "选一项"),
    ((forms.CheckboxInput,), "勾选", "确认后勾选"),
    ((forms.Widget,), "填写", "填写这一项"),
)
"""How an empty field of each kind is spoken of: what was not done, and what to do."""

_OF_FIELDS: tuple[tuple[type[forms.Field], Mapping[str, str]], ...] = (
    (forms.Field, {"required": "“{label}”还没有{done}。请{act}。"}),
    (forms.DateField, {"invalid": "“{label}”不是日期。请写成 2026-05-18 这样。"}),
    (forms.IntegerField, {"invalid": "“{label}”不是整数。请只写数字，例如 12。"}),
    (forms.DecimalField, {"invalid": "“{label}”不是数字。请只写数字，例如 12.5。"}),
    (forms.ChoiceField, {"invalid_choice": "“{label}”里没有这一项。请从列出的里面选。"}),
    (
        forms.MultipleChoiceField,
        {
            "invalid_choice": "“{label}”里没有选中的某一项。请从列出的里面选。",
            "invalid_list": "“{label}”没有读懂。请重新选择。",
        },
    ),
    (
        forms.FileField,
        {
            "invalid": "“{label}”没有收到文件。请重新选择文件再提交。",
            "missing": "“{label}”没有收到文件。请重新选择文件再提交。",
            "empty": "“{label}”是空文件。请检查后重新选择。",
            "max_length": "“{label}”的文件名太长，最多 {max} 个字。请改短后重新选择。",
            "contradiction": "“{label}”既选了文件又勾了清除。请只做一样。",
        },
    ),
)

_OF_VALIDATORS: tuple[tuple[Any, str], ...] = (
    (validators.MaxLengthValidator, "“{label}”太长，有 {show_value} 个字，最多 {limit_value} 个。请改短。"),
    (validators.MinLengthValidator, "“{label}”太短，只有 {show_value} 个字，至少 {limit_value} 个。请写完整。"),
    (validators.MaxValueValidator, "“{label}”太大，最大是 {limit_value}。请核对后改小。"),
    (validators.MinValueValidator, "“{label}”太小，最小是 {limit_value}。请核对后改大。"),
    (validators.RegexValidator, "“{label}”的写法不对。请照说明写。"),
    (validators.ProhibitNullCharactersValidator, "“{label}”里有看不见的非法字符。请删掉后重新填写。"),
)


def _known() -> Iterator[tuple[Any, str]]:
    for kind, said in _OF_FIELDS:
        for code, sentence in said.items():
            yield kind.default_error_messages[code], sentence
    for validator, sentence in _OF_VALIDATORS:
        yield validator.message, sentence


_KNOWN = list(_known())


def house_sentence(message: Any) -> str | None:
    """Our sentence for one of Django's, to be filled in; None where the form said its own."""
    # Compared as objects: Django's sentences are translated late, and two of them may read alike.
    return next((sentence for djangos, sentence in _KNOWN if djangos is message), None)


def faults(bound: BoundField) -> list[str]:
    """Everything that is wrong with a field, a sentence each."""
    return [sentence for error in bound.errors.as_data() for sentence in _said(bound, error)]


def _said(bound: BoundField, error: ValidationError) -> Iterator[str]:
    for sentence, one in zip(error.messages, error.error_list, strict=True):
        ours = house_sentence(one.message)
        yield ours.format(**_filled(bound, one)) if ours else str(sentence)


def _filled(bound: BoundField, error: ValidationError) -> dict[str, Any]:
    done, act = next((done, act) for kinds, done, act in _ASKED if isinstance(bound.field.widget, kinds))
    return {"label": bound.label, "done": done, "act": act, **(error.params or {})}
