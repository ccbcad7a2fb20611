"""Each part draws what it says, refuses what it does not know, and escapes what it is given."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.urls import get_resolver
from django.utils.safestring import SafeString

from jiceng.ui import icons, samples, shapes
from jiceng.ui.faults import house_sentence
from jiceng.ui.forms import SampleForm

HOSTILE = '<script>alert("x")</script>'


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context({"today": samples.TODAY, **context}))


def text(drawn):
    return re.sub(r"<[^>]+>", "", drawn)


def test_a_state_has_an_icon_and_a_word():
    drawn = draw('{% state "late" "迟了 3 天" %}')
    assert 'class="state state-late"' in drawn
    assert "<svg" in drawn
    assert text(drawn) == "迟了 3 天"


def test_a_state_without_a_word_is_refused():
    with pytest.raises(ValueError, match="said with a word"):
        draw('{% state "late" "" %}')


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(ValueError, match="no kind 'red'"):
        draw('{% state "red" "迟" %}')


def test_an_unknown_icon_is_refused_by_name():
    with pytest.raises(LookupError, match="no icon"):
        icons.icon("../LICENSE")


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icons.icon("home")
    assert 'role="img" aria-label="首页"' in icons.icon("home", "首页")


def test_a_button_passes_attributes_on():
    drawn = draw('{% button "公示" kind="primary" hx_post=url value=0 name=None data_closes=True %}', url="/a?b=1&c=2")
    assert drawn == (
        '<button class="button button-primary" type="submit" hx-post="/a?b=1&amp;c=2" value="0" data-closes="">'
        "公示</button>"
    )


def test_what_cannot_be_done_says_why():
    drawn = draw('{% button "归档" why_not="尚未登记到会人员，不能归档。" %}')
    assert "disabled" in drawn
    assert "尚未登记到会人员，不能归档。" in drawn


def test_a_field_in_error_is_tied_to_its_words():
    form = SampleForm({})
    drawn = draw('{% field form.name why="名称会印在公示上。" %}', form=form)
    assert 'aria-describedby="id_name_why id_name_helptext id_name_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert drawn.index("<label") < drawn.index("id_name_why") < drawn.index("id_name_error") < drawn.index("<input")


def test_a_group_of_choices_has_a_legend():
    drawn = draw("{% field form.kind %}", form=SampleForm())
    assert drawn.startswith("<fieldset")
    assert "<legend>类型</legend>" in drawn


def test_an_optional_field_says_so():
    assert "（选填）" in draw("{% field form.amount %}", form=SampleForm())
    assert "（选填）" not in draw("{% field form.name %}", form=SampleForm())


def test_what_was_typed_is_still_there_after_an_error():
    assert "已写的还在。" in draw("{% fields form %}", form=SampleForm({"minutes": "已写的还在。"}))


def test_the_summary_links_each_error_to_its_field():
    drawn = draw("{% error_summary form %}", form=SampleForm({"refuse": "1"}))
    assert 'href="#id_name"' in drawn
    assert 'href="#id_kind_0"' in drawn
    assert "党员名册" in drawn
    assert 'id="id_kind_0"' in draw("{% field form.kind %}", form=SampleForm())


def test_an_empty_or_wrong_field_says_what_is_wrong_where_and_what_to_do():
    drawn = draw("{% fields form %}", form=SampleForm({"held_on": "昨天", "amount": "-1", "name": "会" * 61}))
    for said in (
        "“会议名称”太长，有 61 个字，最多 60 个。请改短。",
        "“类型”还没有选择。请选一项。",
        "“召开日期”不是日期。请写成 2026-05-18 这样。",
        "“涉及金额”太小，最小是 0。请核对后改大。",
        "“已向全体到会人员宣读”还没有勾选。请确认后勾选。",
    ):
        assert said in drawn, said


def test_a_form_s_own_sentence_is_kept():
    class Own(forms.Form):
        day = forms.DateField(label="日期", error_messages={"required": "先选一天。"})

    assert "先选一天。" in draw("{% fields form %}", form=Own({}))
    assert "日期：先选一天。" in draw("{% error_summary form %}", form=Own({}))


def everything_that_can_be_said(field):
    """The sentences of a field and of its validators, as objects."""
    yield from field.error_messages.values()
    yield from (validator.message for validator in field.validators if hasattr(validator, "message"))


def every_form(kind=forms.BaseForm):
    for one in kind.__subclasses__():
        yield one
        yield from every_form(one)


def test_no_form_of_the_platform_says_a_sentence_of_django_s():
    assert get_resolver().url_patterns, "reads every page, and so every form"
    djangos = {
        (form.__qualname__, name, str(message))
        for form in every_form() if form.__module__.startswith("jiceng.")
        for name, field in form.base_fields.items()
        for message in everything_that_can_be_said(field)
        if not isinstance(message, str) and house_sentence(message) is None
    }  # fmt: skip
    assert djangos == set()


def test_no_mark_begins_a_line_of_a_filter_sentence():
    drawn = draw(
        "{% filters %}看 {% pick form.place %}，{% pick form.held_on %} 召开{% endfilters %}", form=SampleForm()
    )
    assert drawn.count('<span class="kept">') == 1
    assert "</label>，</span>" in drawn


def test_no_error_draws_no_summary():
    assert draw("{% error_summary form %}", form=SampleForm()) == ""


def test_an_empty_fact_is_said():
    assert text(draw('{% fact "记录人" None %}')) == "记录人未填"
    assert text(draw('{% fact "缺席" 0 %}')) == "缺席0"


def test_a_cell_carries_its_column_for_phones():
    assert draw('{% cell "到会" 1250 %}') == '<td data-label="到会" class="num"><span>1,250</span></td>'
    assert draw('{% cell "到会" None %}') == '<td data-label="到会" class="short"><span>—</span></td>'


def test_a_table_takes_words_or_columns():
    drawn = draw(
        '{% table "会议" columns %}<tr></tr>{% endtable %}',
        columns=["会议", shapes.Column("到会", sort_url="?s", sorted="ascending")],
    )
    assert '<th scope="col" class="">会议</th>' in drawn
    assert 'aria-sort="ascending"' in drawn


def test_a_figure_is_never_a_bare_percentage():
    drawn = text(
        draw("{% figure_card figure %}", figure=shapes.Figure("到会率", 43, date(2026, 5, 18), 50, "人", "/r"))
    )
    assert "86%（43/50 人）" in drawn
    assert "截至 2026年5月18日" in drawn
    assert "打开这 43 条记录" in drawn


def test_a_deadline_is_drawn_for_the_day_of_the_page():
    assert text(draw("{% due day %}", day=date(2026, 5, 21))) == "还有 3 天（5月21日）"
    assert "due-near" in draw("{% due day %}", day=date(2026, 5, 14))


def test_a_chart_has_its_table_and_its_data():
    drawn = draw("{% chart picture %}", picture=samples.CHART)
    assert drawn.count("<tr>") == 7
    assert '<script type="application/json">' in drawn


def test_work_that_is_done_asks_no_more():
    assert 'hx-get="/p"' in draw('{% progress "导入" 1 2 "/p" %}')
    assert "hx-get" not in draw('{% progress "导入" 2 2 "/p" %}')


def test_a_code_is_drawn_with_its_label_and_no_text():
    drawn = draw("{% qr address label %}", address=HOSTILE, label=HOSTILE)
    assert "<script" not in drawn
    assert drawn.startswith('<svg class="qr" role="img" aria-label="&lt;script&gt;')


@pytest.mark.parametrize(
    "source",
    [
        "{% state 'done' bad %}",
        "{% button bad why_not=bad %}",
        "{% button bad data_confirm=bad %}",
        "{% link_button bad bad %}",
        "{% headline bad kind=bad %}{{ bad }}{% endheadline %}",
        "{% panel bad id='a' url=bad %}{{ bad }}{% endpanel %}",
        "{% facts %}{% fact bad bad url=bad %}{% fact_about bad %}{{ bad }}{% endfact_about %}{% endfacts %}",
        "{% table bad columns %}<tr>{% row_check bad bad %}{% row_head bad bad url=bad %}</tr>{% endtable %}",
        "{% cell bad bad %}{% cell_about bad %}{{ bad }}{% endcell_about %}",
        "{% nothing bad %}{{ bad }}{% endnothing %}",
        "{% notice 'wrong' title=bad %}{{ bad }}{% endnotice %}",
        "{% dialog 'd' bad %}{{ bad }}{% enddialog %}",
        "{% filters clear_url=bad data_x=bad %}{{ bad }}{% endfilters %}",
        "{% timeline events %}",
        "{% steps steps %}",
        "{% waits waits %}",
        "{% tree nodes label=bad %}",
        "{% crumbs links %}{% tabs links bad %}",
        "{% answers answers %}",
        "{% by_child bars bad %}",
        "{% figure_card figure %}",
        "{% chart chart %}",
        "{% slip bad pairs url=bad note=bad %}",
        "{% sign_places bad seal=bad %}",
        "{% progress bad 1 2 bad bad %}",
    ],
)
def test_hostile_text_is_escaped_by_every_part(source):
    bad, day = HOSTILE, samples.TODAY
    drawn = draw(
        source, bad=bad, columns=[bad, shapes.Column(bad, sort_url=bad)],
        events=[shapes.Event(bad, bad, day, bad, bad, bad)],
        steps=[shapes.Step(bad, "late", bad, bad)], waits=[shapes.Wait(bad, bad, bad, day, bad)],
        nodes=[shapes.Node(bad, bad, bad, bad, True, True, bad, [shapes.Node(bad, bad)])],
        links=[shapes.Link(bad, bad), shapes.Link(bad, bad)],
        answers=[shapes.Answer(bad, bad, bad)], bars=[shapes.Bar(bad, 1, 2, bad)], pairs=[(bad, bad)],
        figure=shapes.Figure(bad, 1, day, 2, bad, bad, None, (1, 2), bad, bad, bad),
        chart=shapes.Chart(bad, [bad], [shapes.Series(bad, [1])], bad, day, links=[bad]),
    )  # fmt: skip
    assert "<script>alert" not in drawn
    assert 'alert("x")' not in re.sub(r"<script type.*?</script>", "", drawn)
    assert "style=" not in drawn


def test_markup_written_in_a_template_stays_markup():
    assert "<b>李</b>" in draw('{% fact "主持人" name %}', name=SafeString("<b>李</b>"))
