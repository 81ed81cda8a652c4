"""What of Textual's shows text, and what of it makes text that holds no markup."""

from __future__ import annotations

TEXTS = frozenset(
    "Button Checkbox Collapsible DataTable Digits Label Log Option OptionList Placeholder Pretty RadioButton RadioSet "
    "RichLog Select Selection SelectionList Static Tab TabPane TabbedContent Tabs ToggleButton Tooltip Tree".split()
)
"""They show what their constructors are given."""
LINKING = frozenset("Markdown MarkdownViewer".split())
"""... and open links: there is nothing to switch off."""
LINES = frozenset("Input MaskedInput".split())
"""They show what stands in them as it is, escape sequences too; `tutor.tui.widgets.line` cleans it."""
SILENT = frozenset(
    "ContentSwitcher ListItem ListView LoadingIndicator ProgressBar Rule Sparkline Switch TextArea".split()
)
"""They show no text, or nothing but what is edited in them. Every widget that is not named here is undecided."""
SHOWING = TEXTS | LINKING | LINES

NOT_TEXT = frozenset(
    "action allow_blank classes compact disabled expand flat id initial max_length name password restrict "
    "select_on_focus severity shrink timeout type validate_on variant".split()
)
"""Arguments that are never shown."""
METHODS = frozenset(
    "add_column add_columns add_leaf add_option add_options add_row add_rows notify panic print render_str set_label "
    "set_options update update_cell update_cell_at replace_option_prompt replace_option_prompt_at_index with_tooltip "
    "write_line".split()
)
"""Methods that show what they are given, whatever they are called on: `update` may be a widget's."""
TAKE_MARKUP_FALSE = frozenset("notify print".split())
ATTRIBUTES = frozenset(
    "border_title border_subtitle content label placeholder prompt renderable sub_title title tooltip".split()
)
CLASS_ATTRIBUTES = frozenset("BORDER_TITLE BORDER_SUBTITLE SUB_TITLE TITLE".split())
ASKED_FOR = frozenset("isinstance issubclass query query_ancestor query_children query_exactly_one query_one".split())
"""Calls that are given a widget's class and make none of it."""

HELPERS = {("tutor.tui.text", name) for name in ("shown", "shown_line", "joined")}
MAKES_CONTENT = frozenset("assemble blank from_markup styled".split())
"""Methods of `Content` that make one; `from_markup` is looked at by itself."""
KEEPS_CONTENT = frozenset(
    "append append_text extend_right join pad pad_left pad_right right_crop rstrip stylize stylize_before "
    "truncate".split()
)
"""Methods of a `Content` that give another one, and read no markup in a text that they are given."""
FROM_RICH = frozenset({"rich.cells"})
