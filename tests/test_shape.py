"""The shape of the tree: layers and homes as DESIGN §3 draws them, ceilings, and what must not stand anywhere.

The table below is that section's table. A failing test names file, line and rule; an exception to a rule is an entry
in a table here with its reason, never a comment in the code.
"""

import ast
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from tests.tree import Import, files, functions, imports, module_files, sources, syntax, text


class Layer(NamedTuple):
    """A row of the table: files of a layer import lower layers and their own package (`together`: the row is one)."""

    name: str
    level: int
    modules: tuple[str, ...]
    together: bool = False


LAYERS = (
    Layer("words", 0, ("monitor/model/*", "monitor/__init__.py")),
    Layer("contract", 1, ("monitor/api.py", "monitor/clock.py", "monitor/hands.py"), together=True),
    Layer(
        "pure",
        2,
        (
            "monitor/read/*",
            "monitor/judge/*",
            "monitor/plan/due.py",
            "monitor/alert/compose.py",
            "monitor/alert/digest.py",
            "monitor/alert/phrases.py",
            "monitor/alert/quoting.py",
            "monitor/alert/story.py",
            "monitor/alert/voice.py",
            "monitor/render.py",
        ),
    ),
    Layer("set-up", 2, ("monitor/config/*", "monitor/log.py", "monitor/service.py")),
    Layer("adapters", 3, ("monitor/observe/*", "monitor/store/*", "monitor/alert/channels/*")),
    Layer(
        "actors",
        4,
        (
            "monitor/plan/*",
            "monitor/observe/visit.py",
            "monitor/observe/look.py",
            "monitor/observe/follow.py",
            "monitor/alert/*",
            "monitor/web/*",
            "monitor/report/*",
            "monitor/city/*",
        ),
    ),
    Layer("spine", 5, ("monitor/pipeline.py", "monitor/settle/*", "monitor/evidence/*"), together=True),
    Layer(
        "process",
        6,
        (
            "monitor/app.py",
            "monitor/daemon.py",
            "monitor/jobs.py",
            "monitor/ledgers.py",
            "monitor/asked.py",
            "monitor/offline.py",
            "monitor/control.py",
            "monitor/desk.py",
            "monitor/dues.py",
            "monitor/declare.py",
            "monitor/consequences.py",
            "monitor/demo.py",
            "monitor/discover.py",
            "monitor/drill.py",
            "monitor/rehearsal.py",
            "monitor/paperwork.py",
            "monitor/heap.py",
            "monitor/hindsight.py",
            "monitor/life.py",
            "monitor/loops.py",
            "monitor/once.py",
            "monitor/registers.py",
            "monitor/registerrows.py",
            "monitor/reload.py",
            "monitor/staging.py",
            "monitor/timekeeper.py",
            "monitor/uplink.py",
            "monitor/onduty.py",
            "monitor/planned.py",
            "monitor/proposed.py",
            "monitor/questions.py",
            "monitor/walk.py",
            "monitor/workyears.py",
            "monitor/__main__.py",
            "monitor/cli/*",
        ),
        together=True,
    ),
)

RENDERS = ("monitor/alert/*",)  # a notice is text: composing it is rendering templates, pure like itself

_MAY_LOG = tuple(pattern for layer in LAYERS if layer.level >= 3 for pattern in layer.modules)
HOMES = {
    "xxhash": ("monitor/observe/look.py",),
    "selectolax": ("monitor/read/html.py",),
    "lxml": ("monitor/read/html.py",),
    "webencodings": ("monitor/read/charset.py",),
    "publicsuffixlist": ("monitor/read/links.py",),
    "feedparser": ("monitor/read/feed.py",),
    "ahocorasick": ("monitor/read/words.py",),
    "chinese_calendar": ("monitor/judge/workdays.py",),
    "jinja2": ("monitor/render.py",),
    "babel": ("monitor/render.py",),
    "pydantic": ("monitor/config/*",),
    "pydantic_core": ("monitor/config/*",),
    "openpyxl": ("monitor/config/sheets/*",),
    # log.py alone configures it; whoever acts asks it for a logger, what is pure does not log
    "structlog": ("monitor/log.py", *_MAY_LOG),
    "aiohttp": ("monitor/observe/*",),
    "aiohappyeyeballs": ("monitor/observe/direct.py",),  # connecting as aiohttp does
    "yarl": ("monitor/observe/*",),
    "brotli": ("monitor/observe/packed.py",),
    "backports": ("monitor/observe/packed.py",),  # backports.zstd: compression.zstd before Python 3.14
    "compression": ("monitor/observe/packed.py",),
    "aiodns": ("monitor/observe/dns.py",),
    "pycares": ("monitor/observe/dns.py",),
    "cryptography": ("monitor/observe/tls.py", "monitor/city/*"),
    "sqlite_utils": ("monitor/store/*",),
    "zstandard": ("monitor/store/*",),
    "apprise": ("monitor/alert/channels/*",),
    "requests": ("monitor/alert/channels/*",),  # what apprise sends with: the service's own answer is read from it
    "apscheduler": ("monitor/plan/*",),
    "aiohttp.web": ("monitor/web/*", "monitor/city/*"),
    "prometheus_client": ("monitor/web/*",),
    "xlsxwriter": ("monitor/report/*",),
    "trustme": ("monitor/city/*",),
    "click": ("monitor/cli/*", "monitor/__main__.py"),
    "rich": ("monitor/cli/*",),
    "uvloop": ("monitor/app.py",),
    "orjson": ("monitor/log.py", "monitor/store/canon.py"),
}

FOR_SHOWING = (
    "monitor/model/*",
    "monitor/api.py",
    "monitor/clock.py",
    "monitor/render.py",
    "monitor/alert/quoting.py",
    "monitor/alert/phrases.py",  # words only: the desk and the alerts call a thing by one name
    "monitor/log.py",
    "monitor/config/settings.py",  # handed in, frozen: only its type is named
    "monitor/store/database.py",  # likewise
    "monitor/store/views.py",
    "monitor/store/ledger.py",  # more of the same: what ledgers and sheets are made of
    "monitor/store/casebook.py",  # read-only like views, which is full
    "monitor/store/roll.py",
    "monitor/store/books.py",
    "monitor/store/commands.py",
)
FILE_LINES, FUNCTION_LINES, README_LINES = 300, 50, 60
LONG_FILES = {"monitor/evidence/check.py": "one file that travels in every proof and imports nothing of ours"}
LONG_README = {
    "config/rules/README.md": "one row for every article of five regulations, with the reason where it is no rule",
}
BROAD_HANDLERS = {
    "monitor/observe/visit.py",  # a check that crashes is BROKEN
    "monitor/app.py",  # the process says why it ends
    "monitor/settle/again.py",  # likewise, to the looks that wait to be written
    "monitor/web/api/door.py",  # every error under /api/v1 is JSON, our own faults too
    "monitor/store/writer.py",  # hands every outcome, whatever it is, to the thread that waits for it
}
BAD_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
PROGRAM = sources("monitor", "checks")
PYTHON = sources("monitor", "checks", "tests")


def layer_of(name: str) -> Layer:
    """The row a file stands in: the longest pattern that fits wins."""
    rows = [(len(pattern), row) for row in LAYERS for pattern in row.modules if fnmatch(name, pattern)]
    assert rows, f"{name} stands in no layer: add it to the table"
    return max(rows, key=lambda found: found[0])[1]


def package_of(name: str) -> str:
    row = layer_of(name)
    return row.name if row.together else "/".join(name.split("/")[:2])


def may_import(name: str, target: str) -> bool:
    mine, other = layer_of(name), layer_of(target)
    if other.level < mine.level or (target == "monitor/render.py" and fits(name, RENDERS)):
        return True
    return package_of(name) == package_of(target) and other.level <= mine.level


@pytest.mark.parametrize(
    ("name", "target", "allowed"),
    [
        ("monitor/judge/runs.py", "monitor/model/finding.py", True),
        ("monitor/judge/runs.py", "monitor/judge/days.py", True),
        ("monitor/judge/runs.py", "monitor/read/page.py", False),
        ("monitor/judge/runs.py", "monitor/store/findings.py", False),
        ("monitor/observe/fetch.py", "monitor/config/settings.py", True),
        ("monitor/observe/fetch.py", "monitor/observe/visit.py", False),
        ("monitor/observe/visit.py", "monitor/observe/fetch.py", True),
        ("monitor/store/schema.py", "monitor/observe/fetch.py", False),
        ("monitor/plan/due.py", "monitor/plan/tick.py", False),
        ("monitor/alert/deliver.py", "monitor/alert/compose.py", True),
        ("monitor/alert/compose.py", "monitor/alert/deliver.py", False),
        ("monitor/web/desk.py", "monitor/pipeline.py", False),
        ("monitor/api.py", "monitor/clock.py", True),
        ("monitor/app.py", "monitor/cli/run.py", True),
    ],
)
def test_the_table_bites(name: str, target: str, allowed: bool) -> None:
    assert may_import(name, target) is allowed


def ours(name: str) -> Iterator[tuple[Import, str]]:
    yield from ((each, each.target) for each in imports(name) if each.target and each.target != name)


def fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def test_every_file_imports_lower_layers_or_its_own_package() -> None:
    wrong = [
        f"{name}:{each.line} ({layer_of(name).name}) imports {target} ({layer_of(target).name})"
        for name in sources("monitor")
        for each, target in ours(name)
        if not target.startswith("checks/") and not may_import(name, target)
    ]
    assert not wrong, "\n".join(wrong)


def test_a_check_imports_the_contract_only() -> None:
    wrong = [
        f"{name}:{each.line} imports {each.module}"
        for name in sources("checks")
        for each in imports(name)
        if each.module != "monitor.api" and each.root not in sys.stdlib_module_names
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_composition_root_imports_checks() -> None:
    wrong = [
        f"{name}:{each.line}"
        for name in sources("monitor")
        for each in imports(name)
        if each.root == "checks" and name != "monitor/app.py"
    ]
    assert not wrong, "\n".join(wrong)


def _home(each: Import) -> tuple[str, ...] | None:
    """Where that third party may be used, or None when it has no home."""
    if each.module == "aiohttp.web" or (each.module, each.name) == ("aiohttp", "web"):
        return HOMES["aiohttp.web"]
    return HOMES.get(each.root)


def test_each_third_party_is_used_in_its_home_only() -> None:
    wrong = []
    for name in sources("monitor"):
        for each in imports(name):
            if each.root in sys.stdlib_module_names or each.root in {"monitor", "checks"}:
                continue
            home = _home(each)
            if home is None or not fits(name, home):
                wrong.append(f"{name}:{each.line} imports {each.module}, at home in {home or 'no file'}")
    assert not wrong, "\n".join(wrong)


def test_web_and_report_see_the_store_through_views_and_commands() -> None:
    wrong = [
        f"{name}:{each.line} imports {target}"
        for name in sources("monitor")
        if fits(name, ("monitor/web/*", "monitor/report/*"))
        for each, target in ours(name)
        if not fits(target, FOR_SHOWING) and package_of(target) != package_of(name)
    ]
    assert not wrong, "\n".join(wrong)


def _reach(name: str, seen: set[str]) -> set[str]:
    """Every file of ours that a file leads to, over all its imports."""
    for _, target in ours(name):
        if target not in seen:
            seen.add(target)
            _reach(target, seen)
    return seen


def test_the_truth_of_the_city_shares_nothing_with_what_it_scores() -> None:
    scored = ("monitor/plan/*", "monitor/judge/*", "monitor/alert/*", "monitor/settle/*", "monitor/pipeline.py")
    wrong = [
        f"{name} leads to {target}"
        for name in sources("monitor")
        if fits(name, ("monitor/city/truth.py", "monitor/city/truth/*", "monitor/city/score.py"))
        for target in sorted(_reach(name, set()))
        if fits(target, scored)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_module_imports_itself_over_others() -> None:
    cycles = [name for name in PROGRAM if not name.endswith("__init__.py") and name in _reach(name, set())]
    assert not cycles, cycles


def test_files_and_functions_stay_within_their_ceilings() -> None:
    long = [
        f"{name}: {n} lines"
        for name in PROGRAM
        if (n := text(name).count("\n")) > FILE_LINES and name not in LONG_FILES
    ]
    for name in PROGRAM:
        for function in functions(name):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > FUNCTION_LINES:
                long.append(f"{name}:{function.lineno} {function.name}: {lines} lines")
    assert not long, "\n".join(long)


_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
}


def _reads_clock(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return (owner, node.attr) in _CLOCKS


def test_the_system_clock_is_read_in_one_file() -> None:
    wrong = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name in PROGRAM
        if name != "monitor/clock.py"
        for node in ast.walk(syntax(name))
        if _reads_clock(node)
    ]
    assert not wrong, "\n".join(wrong)


def _is_broad(node: ast.AST) -> bool:
    """A handler of everything; one that only tidies up and raises again is not meant."""
    if isinstance(node, ast.ExceptHandler):
        last = node.body[-1]
        tidies = isinstance(last, ast.Raise) and last.exc is None
        return not tidies and (node.type is None or _names_all(node.type))
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"suppress", "contextlib.suppress"}:
        return any(_names_all(argument) for argument in node.args)
    return False


def _names_all(node: ast.expr) -> bool:
    names = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(each, ast.Name) and each.id in {"Exception", "BaseException"} for each in names)


def test_everything_is_caught_in_named_files_only() -> None:
    wrong = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name in PROGRAM
        if name not in BROAD_HANDLERS
        for node in ast.walk(syntax(name))
        if _is_broad(node)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("code", "broad"),
    [
        ("try: x()\nexcept OSError: pass", False),
        ("try: x()\nexcept Exception: pass", True),
        ("try: x()\nexcept (OSError, BaseException) as e: log(e)", True),
        ("try: x()\nexcept: pass", True),
        ("try: x()\nexcept BaseException:\n tidy()\n raise", False),
        ("with suppress(Exception): x()", True),
        ("with contextlib.suppress(OSError): x()", False),
    ],
)
def test_a_broad_handler_is_told(code: str, broad: bool) -> None:
    assert any(_is_broad(node) for node in ast.walk(ast.parse(code))) is broad


def _called_for(name: str) -> set[tuple[str, str]]:
    """(file, function) of what a file imports from other files of ours by name."""
    return {(target, each.name) for each, target in ours(name) if each.name}


def test_functions_that_others_import_have_docstrings() -> None:
    asked = set().union(*(_called_for(name) for name in PROGRAM))
    bare = [
        f"{name}:{node.lineno} {node.name}"
        for name in module_files().values()
        for node in syntax(name).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (name, node.name) in asked
        and not ast.get_docstring(node)
    ]
    assert not bare, "\n".join(bare)


def _folders() -> list[str]:
    """Every folder with code, settings or units in it; folders of mere data are named by the README above them."""
    found = {name.rpartition("/")[0] for name in files() if "/" in name and not name.startswith(".")}
    return sorted(
        folder
        for folder in found
        if folder.startswith(("config", "systemd")) or any(name.rpartition("/")[0] == folder for name in PYTHON)
    )


def test_every_folder_has_a_readme_of_one_screen() -> None:
    bare = [folder for folder in _folders() if f"{folder}/README.md" not in files()]
    assert not bare, f"no README.md in {', '.join(bare)}"
    long = {f"{folder}/README.md": text(f"{folder}/README.md").count("\n") for folder in _folders()}
    assert {name for name, lines in long.items() if lines > README_LINES} == LONG_README.keys()


def test_nothing_has_a_name_that_says_nothing() -> None:
    parts = {part.removesuffix(".py") for name in files() for part in name.split("/")}
    assert not parts & BAD_NAMES


# Written so that this file does not find itself.
_FORBIDDEN = {
    "a mark of unfinished work": r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|raise NotImplemented" r"Error",
    "a path of one machine": r"/wor" r"k/\w|/ro" r"ot/\.?\w|/ho" r"me/\w+/",
    "the host of a package index": r"py"
    r"pi\.org|python"
    r"hosted\.org|npm"
    r"js\.org|deb\.deb"
    r"ian\.org|--index"
    r"-url |/sim"
    r"ple/",
    "an e-mail address": r"[\w.+-]+@(?!(?:[\w-]+\.)*(?:example|test|invalid|localhost)\b)(?!example\.(?:com|org|net)\b)"
    r"[\w-]+(?:\.[\w-]+)*\.(?:com|cn|net|org|io|dev|me)\b",
}


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_what_must_stand_nowhere(what: str) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in files()
        for number, line in enumerate(text(name).splitlines(), 1)
        if re.search(_FORBIDDEN[what], line)
    ]
    assert not found, "\n".join([f"{what}:", *found])


def _patches(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return ast.unparse(node) in {
            "monkeypatch.setattr",
            "monkeypatch.setitem",
            "monkeypatch.delattr",
            "unittest.mock",
        }
    return isinstance(node, ast.arg) and node.arg == "mocker"


def test_tests_replace_no_part_of_the_product() -> None:
    wrong = [
        f"{name}:{each.line} imports {each.module}"
        for name in sources("tests")
        for each in imports(name)
        if each.module.startswith(("unittest.mock", "mock")) or (each.module, each.name) == ("unittest", "mock")
    ]
    wrong += [
        f"{name}:{getattr(node, 'lineno', 0)} patches"
        for name in sources("tests")
        for node in ast.walk(syntax(name))
        if _patches(node)
    ]
    assert not wrong, "\n".join(wrong)
