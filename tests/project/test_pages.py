"""The platform's own pages in a real browser."""

import pytest

pytestmark = pytest.mark.browser


def test_a_wrong_address_is_answered_in_plain_words_and_breaks_no_policy(page):
    said = []
    page.on("console", lambda message: said.append(message.text))
    assert page.goto("/no-such-page/").status == 404
    assert page.get_by_role("heading", level=1).inner_text() == "没有这一页"
    assert [text for text in said if "Content Security Policy" in text] == []


def test_what_the_policy_forbids_does_not_run(page):
    """A planted inline script stays dead, so the silence above means something."""
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/no-such-page/")
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.planted = true";
        document.body.append(script);
    }""")
    assert page.evaluate("() => window.planted") is None
    assert [text for text in said if "Content Security Policy" in text]
