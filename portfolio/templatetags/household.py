"""The note that a page owes its reader while the demo household is in the books. Computes nothing."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portfolio import demo

register = template.Library()


@register.simple_tag
def demo_note() -> SafeString | str:
    """Say that closes between the typed ones are made up; nothing for a household of one's own. One small query."""
    if not demo.is_loaded():
        return ""
    said = _("Demo household: closes on days without a trade or an event are made up.")
    return format_html('<p class="small mute demo-note">{}</p>', said)
