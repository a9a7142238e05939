"""CSV inventories: encodings, awkward lines, and a million of them with one that is wrong."""

import contextlib
import resource
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from monitor.config.document import HOPELESS, MOST
from monitor.config.inventory import EVERY
from monitor.config.load import load
from monitor.config.problems import ConfigError
from monitor.config.rows import BLOCK, LONGEST_LINE, Row, Sheet, Unreadable, read_lines, row_of
from monitor.model import Target

HEAD = "id,kind,column,name,url,site,owner,contact,packs\n"
ROW = "portal,site,,某市人民政府门户网站,http://www.example.gov.cn/,,某市人民政府办公室,张三 0751-1234567,\n"


def given_csv(folder: Path, content: bytes) -> Path:
    (folder / "targets").mkdir(exist_ok=True)
    (folder / "targets" / "inventory.csv").write_bytes(content)
    path = folder / "monitor.toml"
    path.write_text("", "utf-8")
    return path


def targets_of(folder: Path, content: bytes) -> tuple[Target[dict[str, dict[str, object]]], ...]:
    return load(given_csv(folder, content), environ={}).targets


def lines_of(folder: Path, content: bytes) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        load(given_csv(folder, content), environ={})
    return [(problem.line, str(problem.message)) for problem in caught.value.problems]


def read_rows(path: Path) -> list[Row]:
    sheet = Sheet()
    found = [
        row_of(sheet, n, text) for lines in read_lines(path, sheet) for n, text in enumerate(lines.texts, lines.first)
    ]
    return [row for row in found if row is not None]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_excel_saves(encoding: str, end: str, tmp_path: Path) -> None:
    (target,) = targets_of(tmp_path, (HEAD + ROW).replace("\n", end).encode(encoding))
    assert (target.name, target.owner) == ("某市人民政府门户网站", "某市人民政府办公室")
    assert target.contacts[0].phone == "0751-1234567"


def test_columns_in_any_order_with_quotes_blanks_and_comments(tmp_path: Path) -> None:
    text = 'URL, Name ,kind,id,\n# a remark, with a comma\n\n,,,,\n http://a.gov.cn/ ,"某市,""新""站",site,portal,\nhttp://b.gov.cn/,b,site,b'
    first, second = targets_of(tmp_path, text.encode())
    assert (first.id, first.name, first.url) == ("portal", '某市,"新"站', "http://a.gov.cn/")
    assert (second.id, second.owner, second.packs) == ("b", "", ("national-2019", "house"))


def test_an_empty_file_has_no_targets(tmp_path: Path) -> None:
    assert targets_of(tmp_path, b"") == ()


def test_a_utf8_file_with_bad_lines_stays_utf8(tmp_path: Path) -> None:
    good = "".join(ROW.replace("portal", f"p{n}") for n in range(50))
    found = lines_of(tmp_path, (HEAD + good).encode() + ROW.encode("gb18030") + b"\xff\n")
    assert found == [(52, "is not UTF-8"), (53, "is not UTF-8")]


def test_a_gb18030_file_with_a_bad_line_stays_gb18030(tmp_path: Path) -> None:
    good = "".join(ROW.replace("portal", f"p{n}") for n in range(50))
    assert lines_of(tmp_path, (HEAD + good).encode("gb18030") + b"x,site,,\xff,\n") == [(52, "is not GB18030")]


def test_an_endless_line_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    content = HEAD.encode() + b"x" * (3 * BLOCK) + b"\n" + ROW.encode() + b"y,colum,,n,http://a.gov.cn/,,,,\n"
    found = lines_of(tmp_path, content)
    assert found[0] == (2, f"is longer than {LONGEST_LINE >> 10} KiB")
    assert [line for line, _ in found] == [2, 4]


def test_lines_are_counted_across_blocks(tmp_path: Path) -> None:
    padding = b"#" + b"." * 999 + b"\n"
    content = HEAD.encode() + padding * 3000 + b"x,colum,,n,http://a.gov.cn/,,,,\n"
    assert [line for line, _ in lines_of(tmp_path, content)] == [3002]


def test_a_hopeless_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    rows = "".join(f"c{number},column,other,n,http://a.gov.cn/,nowhere,,,\n" for number in range(30_000))
    with pytest.raises(ConfigError) as caught:
        load(given_csv(tmp_path, (HEAD + rows.replace("column", "colum")).encode()), environ={})
    assert str(caught.value.problems[-1]).endswith(
        f"and {HOPELESS - MOST:,} more problems in this file (it was not read to its end)"
    )
    assert len(lines_of(tmp_path, (HEAD + rows).encode())) == MOST + 1


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12).map(str.strip)


@settings(max_examples=50)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=5), st.sampled_from(["utf-8", "gb18030"]))
def test_cells_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]], encoding: str
) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    lines = ["id,kind,name,url", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)]
    lines += ["值班室"] * 20  # enough Chinese to tell the encoding by
    path.write_bytes("\n".join(lines).encode(encoding))
    found = [tuple(row.cells.values()) for row in read_rows(path)][: -20 or None]
    assert found == [row for row in rows if any(row) and not row[0].startswith("#")]


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_no_bytes_do_more_than_be_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    path.write_bytes(content)
    with contextlib.suppress(Unreadable):
        assert all(row.line >= 1 for row in read_rows(path))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_million_lines_with_one_bad_one(tmp_path: Path) -> None:
    """The line is named; memory stays below 700 bytes a target and does not depend on the file's size."""
    million, bad = 1_000_000, 777_777
    path = given_csv(tmp_path, b"")
    with (tmp_path / "targets" / "inventory.csv").open("w", encoding="gb18030") as file:
        file.write(HEAD)
        for number in range(million):
            site = number // 50
            if number % 50 == 0:
                file.write(
                    f"s{site},site,,某市人民政府{site},http://www.s{site}.gov.cn/,,某单位{site},张三 0751-1234567,\n"
                )
            else:
                kind = "dynamc" if number == bad else "dynamic"
                url = f"http://www.s{site}.gov.cn/zwgk/col{number}/index.html"
                file.write(
                    f"s{site}/c{number},column,{kind},栏目{number},{url},s{site},某单位{site},张三 0751-1234567,house\n"
                )
    told: list[int] = []
    before = resource.getrusage(resource.RUSAGE_SELF)
    with pytest.raises(ConfigError) as caught:
        load(path, environ={}, progress=lambda _file, rows: told.append(rows))
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    megabytes = (after.ru_maxrss - before.ru_maxrss) / 1024
    print(f"\na million lines: {seconds:.1f} s of one core, {megabytes:.0f} MB more", file=sys.stderr)
    (problem,) = caught.value.problems
    assert (problem.line, problem.place) == (bad + 2, "column")
    assert str(problem.message) == '"dynamc" is not one of dynamic, policy, notice, other'
    assert str(problem.hint) == 'did you mean "dynamic"?'
    assert told[:2] == [EVERY, 2 * EVERY]
    assert told[-1] == million
    assert megabytes < 700
    assert seconds < 30  # 6 to 12 s measured on a shared two-core machine; a slip to quadratic would take hours


def test_the_code_of_a_site_is_what_its_marks_are_compared_with(tmp_path: Path) -> None:
    head = "id,kind,column,name,url,site,site_code\n"
    good = head + "a,site,,a,http://a.cn/,,4402000001\nb,site,,b,http://b.cn/,,\nc,column,dynamic,c,http://a.cn/c/,a,\n"
    codes = [one.options for one in targets_of(tmp_path, good.encode())]
    assert codes == [{"marks_present": {"site_code": "4402000001"}}, {}, {}]
    bad = head + "a,site,,a,http://a.cn/,,44 02\nc,column,dynamic,c,http://a.cn/c/,a,4402000001\n"
    assert lines_of(tmp_path, bad.encode()) == [
        (2, '"44 02" is not a 网站标识码'),
        (3, 'a target of kind "column" has no 网站标识码'),
    ]
