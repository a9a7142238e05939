"""A report as one HTML page: to print on A4, to read on a phone, without a script and without anything from elsewhere."""

from functools import cache
from pathlib import Path

from monitor.render import environment
from monitor.report.table import Report, is_when, words_of

TEMPLATES = Path(__file__).parent / "templates"


def page(report: Report) -> bytes:
    """The whole page as UTF-8."""
    template = _sandbox(TEMPLATES, report.language).get_template("report.html.j2")
    return template.render(report=report, words=words_of, is_when=is_when).encode()


_sandbox = cache(environment)
