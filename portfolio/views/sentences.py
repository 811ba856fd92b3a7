"""Sentences with figures in them, where a figure may be a mask: markup stays markup, words are escaped. Knows no report."""

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


def sentence(template: str, /, **parts: object) -> SafeString:
    """Return a translated template with its %(name)s filled in."""
    escaped = {name: conditional_escape(part) for name, part in parts.items()}
    return mark_safe(conditional_escape(template) % escaped)  # noqa: S308  every part was escaped above
