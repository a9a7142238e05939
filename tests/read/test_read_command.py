"""`zhishou read`: shapes, exit codes, lists of files."""

import json
import os
import pty
import re
import subprocess
import sys
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
    told = [answer["error"].partition(":")[0] for answer in answers if "error" in answer]
    assert told == [f"line {n}" for n in (2, 4, 5, 6, 7, 8, 10)], "by the lines of the file, empty ones counted"
    assert [set(answer) == {"file", "error"} for answer in answers] == [False, True, False, *[True] * 6]


def test_a_list_without_trouble_is_exit_0(folder: Path) -> None:
    (folder / "list.jsonl").write_text('\ufeff{"file": "page.html", "kind": "column"}\n', "utf-8")
    assert run("--batch", str(folder / "list.jsonl"), "--json").exit_code == 0


@pytest.mark.parametrize(
    "args",
    [[], ["x.html"], ["x.html", "--kind", "castle"], ["x.html", "--kind", "site"], ["--batch", "nowhere.jsonl"], ["x.html", "--batch", "y", "--kind", "site"],
     ["{page}", "--kind", "site", "--date", "yesterday"], ["{page}", "--kind", "site", "--status", "20"],
     ["{page}", "--kind", "site", "--url", "nonsense"], ["{page}", "--kind", "site", "--url", "http://"]],
)  # fmt: skip
def test_what_cannot_be_done_is_exit_2(folder: Path, args: list[str]) -> None:
    result = run(*(arg.replace("{page}", str(folder / "page.html")) for arg in args))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr


def test_an_address_that_is_none_is_refused_with_what_to_write_in_the_readers_language(folder: Path) -> None:
    told = run(str(folder / "page.html"), "--kind", "site", "--url", "nonsense", "--lang", "zh-CN").stderr
    assert told.startswith("--url: ")
    assert re.search("[\u4e00-\u9fff]", told)


def test_a_charset_that_nobody_knows_is_what_a_header_may_claim(folder: Path) -> None:
    result = run(str(folder / "page.html"), "--kind", "column", "--encoding", "nonsense", "--json")
    assert (result.exit_code, lines(result)[0]["encoding"]) == (0, "utf-8")


def test_explain_names_the_region_and_the_source_of_each_date(folder: Path) -> None:
    result = run(str(folder / "page.html"), "--url", URL, "--kind", "column", "--date", "2026-11-20", "--explain")
    assert result.exit_code == 0
    for part in ("state listed", "encoding utf-8 by meta", "list: ", "side list", TITLES[0], "text '2026-11-02'"):
        assert part in result.stdout
    quiet = run(str(folder / "page.html"), "--kind", "column", "--date", "2026-11-20", "--explain", "--json")
    assert len(quiet.stdout.splitlines()) == 1
    assert "state listed" in quiet.stderr


def test_explain_names_the_deciding_item_the_runners_up_and_the_dates_not_taken(tmp_path: Path) -> None:
    main = (
        f"<ul><li><a href='/a/1.html'>{TITLES[0]}</a><i>2026-10-30</i><b>截止日期：2026-11-19</b></li>"
        f"<li><a href='/a/2.html'>{TITLES[1]}</a><i>2026-11-02</i></li>"
        f"<li><a href='/a/3.html'>{TITLES[2]}</a><i>2027-01-15</i></li></ul>"
    )
    (tmp_path / "page.html").write_text(frame(main), "utf-8")
    out = run(str(tmp_path / "page.html"), "--kind", "column", "--date", "2026-11-20", "--explain").stdout
    for line in (
        f"newest date 2026-11-02 (day): of item 2 of 3, {TITLES[1]!r}",
        "not taken: 2026-11-19 [text '截止日期：2026-11-19'], labelled as a date of something else",
        f"-           {TITLES[2]}  [no date]",
        "not believed: 2027-01-15 [text '2027-01-15'], after 2026-11-20",
        "left out by its heading",
        "site_code 4402000012",
    ):
        assert line in out


def test_explain_of_a_page_without_a_date_an_article_and_one_that_sends_on(tmp_path: Path) -> None:
    (tmp_path / "article.html").write_text(
        frame(
            f"<h1>{TITLES[0]}</h1><p>发布时间：2026-11-02 来源：市教育局</p><p>{'各单位要认真组织。' * 60}</p>", side=""
        ),
        "utf-8",
    )
    article = run(str(tmp_path / "article.html"), "--kind", "page", "--date", "2026-11-20", "--explain").stdout
    assert f"article {TITLES[0]!r}, published 2026-11-02, source 市教育局" in article
    assert "no newest date" in article
    (tmp_path / "jump.html").write_text("<meta http-equiv=refresh content='0;url=/new/'><p>…</p>", "utf-8")
    jump = run(str(tmp_path / "jump.html"), "--kind", "site", "--url", URL, "--explain").stdout
    assert "to be read instead: http://www.shi.gov.cn/new/" in jump


def test_what_a_page_says_cannot_steer_the_terminal(tmp_path: Path) -> None:
    page = PAGE.replace(TITLES[0], f"\x1b]0;owned\x07\x1b[2J{TITLES[0]}").replace("<title>", "<title>\x1b[8m\u202e")
    (tmp_path / "page.html").write_text(page, "utf-8")
    out = run(str(tmp_path / "page.html"), "--kind", "column", "--date", "2026-11-20", "--explain").stdout
    assert TITLES[0] in out
    assert not {sign for sign in out if not sign.isprintable()} - {"\n"}


def test_a_reading_that_lasts_shows_how_far_it_is() -> None:
    """On a terminal alone: a pseudo-terminal stands for it; without patience it counts as long at once."""
    code = "from monitor.cli.progress import tracked; print(list(tracked(range(5), 'reading', patience=-1.0)))"
    ours, theirs = pty.openpty()
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=True)
    os.close(theirs)
    assert (done.stdout.split(), b"reading" in os.read(ours, 65_536)) == ([b"[0,", b"1,", b"2,", b"3,", b"4]"], True)
    os.close(ours)
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=True)
    assert (piped.stdout, piped.stderr) == (done.stdout, b"")


def test_a_saved_answer_of_a_call_is_a_list(tmp_path: Path) -> None:
    """The JSON that fills a column, read for itself: its address tells what relative ones are relative to."""
    told = {
        "total": 2,
        "articles": [
            {
                "title": title,
                "url": f"/gkmlpt/content/post_{at}.html",
                "display_publish_time": 1_793_588_400 - at * 86_400,
            }
            for at, title in enumerate(TITLES[:2])
        ],
    }
    (tmp_path / "all.json").write_text(json.dumps(told), "utf-8")
    url = "http://www.shi.gov.cn/gkmlpt/api/all/12?page=1&sid=751001"
    result = run(str(tmp_path / "all.json"), "--url", url, "--kind", "column", "--date", "2026-11-20", "--json")
    (reading,) = lines(result)
    assert (reading["state"], reading["newest_date"], len(reading["items"])) == ("listed", "2026-11-02", 2)
    assert reading["items"][0] == {
        "title": TITLES[0],
        "url": "http://www.shi.gov.cn/gkmlpt/content/post_0.html",
        "date": "2026-11-02",
        "date_from": "script",
    }


def test_a_shell_says_what_it_needs(tmp_path: Path) -> None:
    page = "<div id='app'></div><script>$.getJSON('/api/news/list.json', fill)</script>"
    (tmp_path / "page.html").write_text(page, "utf-8")
    result = run(str(tmp_path / "page.html"), "--url", URL, "--kind", "column", "--explain")
    assert "filled by /api/news/list.json" in result.stdout
    assert "to be read instead: http://www.shi.gov.cn/api/news/list.json" in result.stdout
