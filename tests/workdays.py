"""A calendar file that tells every year the program does not know yet: what tests of other things write, whatever year it is."""

from datetime import UTC, date, datetime
from pathlib import Path

from monitor.judge.workdays import built_in

TABLE = """["{0}"]
rest = ["{0}-01-01", "{0}-05-01..{0}-05-03", "{0}-10-01..{0}-10-07"]
work = ["{1}"]
"""


def calendar_for(folder: Path) -> str:
    """The file beside the settings, and the table that names it."""
    year = datetime.now(UTC).year
    wanted = [one for one in (year - 1, year, year + 1) if built_in(date(one, 7, 1)) is None]
    text = "".join(TABLE.format(one, _saturday(one)) for one in wanted)
    folder.joinpath("workdays.toml").write_text(text, encoding="utf-8")
    return '[calendar]\nfile = "workdays.toml"\n' if wanted else ""


def _saturday(year: int) -> date:
    return next(date(year, 9, day) for day in range(20, 27) if date(year, 9, day).weekday() == 5)
