"""From the bytes of a file to the lines of its table, by what the file is and not by what it is called. Pure."""

from monitor.config.sheets.delimited import read_delimited
from monitor.config.sheets.grid import Grid, Progress, Unusable, check_size
from monitor.config.sheets.package import is_workbook
from monitor.config.sheets.workbook import read_workbook
from monitor.model import say


def read_grid(data: bytes, sheet: str | None = None, progress: Progress = lambda _rows: None) -> Grid:
    """The table; `sheet` names one of a workbook, else the first visible one with anything in it. Raises Unusable."""
    check_size(data)
    if is_workbook(data):
        return read_workbook(data, sheet, progress)
    if sheet is not None:
        raise Unusable(say("is a CSV file: it has no sheets"))
    return read_delimited(data, progress)
