"""The city's page templates: plain HTML files in this folder with {{name}} where a value goes in.

`fill` takes a template (all are read at import) and puts the values in, unescaped: whoever calls has escaped what needs
it. A name without a value is an error, so that no page shows braces. Writes nothing.
"""

import re
from importlib.resources import files


def fill(name: str, **values: str) -> str:
    """The template with its values. Raises KeyError for a name without one."""
    return _SLOT.sub(lambda slot: values[slot[1]], _TEXTS[name])


_SLOT = re.compile(r"\{\{(\w+)\}\}")
_TEXTS = {
    entry.name: entry.read_text(encoding="utf-8") for entry in files(__name__).iterdir() if entry.name.endswith(".html")
}
