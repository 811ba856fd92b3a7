"""Sections set as terminal text, Markdown or a plain HTML document. Knows headings and tables, nothing of reviews."""

from collections.abc import Iterable
from html import escape

from markdown_it import MarkdownIt
from tabulate import tabulate

from portfolio.publishing.review_document import Section, Table

# a figure column keeps its text as it is: tabulate would otherwise read "1,234" as a number and set it again
_RAW = {"disable_numparse": True, "preserve_whitespace": False}

_STYLE = """
body { font: 15px/1.6 "Noto Sans TC", "PingFang TC", "Microsoft JhengHei", system-ui, sans-serif; color: #191b1d;
       background: #fbfaf7; max-width: 60rem; margin: 2rem auto; padding: 0 1.25rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid #e0dcd3; }
th { border-bottom: 1px solid #191b1d; font-weight: 400; color: #63686f; }
th:first-child, td:first-child { text-align: left; }
"""


def as_text(*, sections: Iterable[Section]) -> str:
    """Return sections for a terminal: aligned columns, wide characters counted as two."""
    return "\n".join(_text_of(section) for section in sections)


def as_markdown(*, sections: Iterable[Section]) -> str:
    """Return sections as Markdown with pipe tables; the first heading is the title."""
    blocks = []
    for place, section in enumerate(sections):
        blocks.append(f"{'#' if place == 0 else '##'} {_plain(section.heading)}")
        if section.lines:
            blocks.append("\n".join(_plain(line) for line in section.lines))
        if section.table and section.table.rows:
            blocks.append(_table(section.table, "pipe"))
    return "\n\n".join(blocks) + "\n"


def as_html(*, sections: Iterable[Section], language: str) -> str:
    """Return sections as one HTML document that needs nothing from outside."""
    listed = list(sections)
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(as_markdown(sections=listed))
    title = escape(listed[0].heading if listed else "")
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n{body}</body>\n</html>\n"
    )


def _text_of(section: Section) -> str:
    parts = [section.heading, "─" * 72, *section.lines]
    if section.table and section.table.rows:
        parts.append(_table(section.table, "plain"))
    return "\n".join(parts) + "\n"


def _table(table: Table, style: str) -> str:
    align = ("left", *("right" for _ in table.header[1:]))
    rows = [[_plain(cell) if style == "pipe" else cell for cell in row] for row in table.rows]
    return tabulate(rows, headers=table.header, tablefmt=style, colalign=align if rows else None, **_RAW)


def _plain(text: str) -> str:
    """Keep names from other people's files from being read as Markdown."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[").replace("*", "\\*")
