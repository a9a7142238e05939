"""`make accuracy`: the labelled pages read and scored, as a table on stdout and a report to look at.

Reads a folder with an INDEX.jsonl: the one named, else ZHISHOU_CORPUS, else ../shared/corpus. Writes the report, and says where it
is. Exit 0 when every figure is reached, 1 when one is not, 2 when there is nothing to score.
"""

import sys
from pathlib import Path

import click

from monitor.cli.progress import tracked
from tests.accuracy.figures import score
from tests.accuracy.labels import ABSENT, BadCorpus, corpus_folder, read_index, wrong_labels
from tests.accuracy.report import Report
from tests.accuracy.scoring import Point, asked, read_record
from tests.accuracy.table import table
from tests.tree import ROOT


@click.command("accuracy")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--html", type=click.Path(path_type=Path), help="Where the report goes (default: build/accuracy.html).")
def accuracy(folder: Path | None, html: Path | None) -> None:
    """Read every labelled page of FOLDER and print what was read right, with every miss."""
    folder = folder or corpus_folder()
    if not (folder / "INDEX.jsonl").is_file():
        click.echo(f"{folder}: {ABSENT}, or name a folder with an INDEX.jsonl", err=True)
        sys.exit(2)
    place = html or ROOT / "build" / "accuracy.html"
    try:
        reached = _measure(folder, place)
    except (BadCorpus, OSError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    sys.exit(0 if reached else 1)


def _measure(folder: Path, place: Path) -> bool:
    wrong, report = wrong_labels(), Report()
    points: list[Point] = []
    for record in tracked(read_index(folder), "reading"):
        page = read_record(folder, record)
        found = list(asked(page))
        points += found
        report.add(page, [point for point in found if (point.file, point.asked) not in wrong])
    result = score(points, wrong)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(report.html(result), "utf-8", errors="replace")
    click.echo(table(result).encode("utf-8", "replace"))
    click.echo(f"report: {place.resolve()}")
    return result.reached


if __name__ == "__main__":
    accuracy()
