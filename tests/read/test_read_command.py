"""`zhishou read`: shapes, exit codes, lists of files."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli.read import read_command
from tests.read.samples import TITLES, URL, frame, rows

PAGE = frame(f"<ul>{rows(['2026-11-02', '2026-10-30'], '<li><a href={href}>{title}</a><i>{date}</i></li>')}</ul>")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(read_command, list(args))


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_file_as_json(folder: Path) -> None:
    result = run(
        str(folder / "page.html"),
        "--url",
        URL,
        "--kind",
        "column",
        "--date",
        "2026-11",
        "--status",
        "200",
        "--encoding",
        "gbk",
        "--json",
    )
    (reading,) = lines(result)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (reading["kind"], reading["state"], reading["encoding"], reading["newest_date"]) == (
        "column",
        "listed",
        "utf-8",
        "2026-11-02",
    )
    assert "file" not in reading


@pytest.mark.parametrize("state", ["unreadable"])
def test_every_state_is_exit_0(folder: Path, state: str) -> None:
    result = run(str(folder / "empty.html"), "--kind", "site", "--json")
    assert (result.exit_code, lines(result)[0]["state"]) == (0, state)


def test_a_list_of_files_in_order_with_what_could_not_be_read(folder: Path) -> None:
    jobs = [
        {"file": "page.html", "url": URL, "kind": "column", "encoding": None, "status": None, "date": "2026-11-20"},
        {"file": "gone.html", "kind": "page"},
        {"file": "empty.html", "kind": "page"},
        {"file": "page.html", "kind": "castle"},
        {"file": "page.html", "kind": "column", "date": "someday"},
        {"file": "page.html", "kind": "column", "status": "200"},
        {"kind": "column"},
        [1],
    ]
    (folder / "list.jsonl").write_text("\n".join(json.dumps(job) for job in jobs) + "\n\nnot json\n", "utf-8")
    result = run("--batch", str(folder / "list.jsonl"), "--json")
    answers = lines(result)
    assert result.exit_code == 2
    assert [answer.get("file") for answer in answers] == [
        "page.html",
        "gone.html",
        "empty.html",
        "page.html",
        "page.html",
        "page.html",
        None,
        None,
        None,
    ]
    assert answers[0]["newest_date"] == "2026-11-02"
    assert [set(answer) == {"file", "error"} for answer in answers] == [False, True, False, *[True] * 6]


def test_a_list_without_trouble_is_exit_0(folder: Path) -> None:
    (folder / "list.jsonl").write_text('\ufeff{"file": "page.html", "kind": "column"}\n', "utf-8")
    assert run("--batch", str(folder / "list.jsonl"), "--json").exit_code == 0


@pytest.mark.parametrize(
    "args",
    [[], ["x.html"], ["x.html", "--kind", "castle"], ["x.html", "--kind", "site"], ["--batch", "nowhere.jsonl"], ["x.html", "--batch", "y", "--kind", "site"],
     ["{page}", "--kind", "site", "--date", "yesterday"], ["{page}", "--kind", "site", "--status", "20"]],
)  # fmt: skip
def test_what_cannot_be_done_is_exit_2(folder: Path, args: list[str]) -> None:
    result = run(*(arg.replace("{page}", str(folder / "page.html")) for arg in args))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_explain_names_the_region_and_the_source_of_each_date(folder: Path) -> None:
    result = run(str(folder / "page.html"), "--url", URL, "--kind", "column", "--date", "2026-11-20", "--explain")
    assert result.exit_code == 0
    for part in ("state listed", "encoding utf-8 by meta", "list: ", "side list", TITLES[0], "text '2026-11-02'"):
        assert part in result.stdout
    quiet = run(str(folder / "page.html"), "--kind", "column", "--date", "2026-11-20", "--explain", "--json")
    assert len(quiet.stdout.splitlines()) == 1
    assert "state listed" in quiet.stderr
