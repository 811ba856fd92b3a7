"""Sections as text, Markdown and HTML: other people's words stay words."""

from portfolio.publishing.review_document import Section, Table
from portfolio.publishing.set_type import as_html, as_markdown, as_text

NASTY = Section("Title", ("<b>bold</b> [link](x) *star*",), Table(("Name", "Figure"), (("A|B <script>", "1,234"),)))


def test_names_are_never_read_as_markdown():
    text = as_markdown(sections=[NASTY])

    assert "A\\|B &lt;script>" in text
    assert "\\[link](x)" in text


def test_names_are_never_read_as_html():
    text = as_html(sections=[NASTY], language="en")

    assert "<script" not in text
    assert "<b>" not in text


def test_figures_keep_their_text_and_stand_to_the_right():
    text = as_text(sections=[Section("T", (), Table(("Name", "Figure"), (("A", "1,234"), ("B", "−5"))))])

    first, second = text.splitlines()[-2:]
    assert first.startswith("A ")
    assert first.endswith(" 1,234")
    assert second.endswith(" −5")
    assert len(first) == len(second)


def test_wide_characters_count_as_two():
    text = as_text(sections=[Section("T", (), Table(("名稱", "數"), (("殼牌", "1"), ("KO", "2"))))])

    _header, first, second = text.splitlines()[-3:]
    # 殼牌 is four columns wide in two characters, KO is two
    assert len(second) - len(first) == 2
