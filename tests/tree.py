"""The tree as the shape and document tests see it: which files it has, what a module imports and defines.

Reads the files that git knows or would take (`git ls-files`), so that what stands ignored beside them does not count.
"""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def files() -> tuple[str, ...]:
    """Every file of the repository, as a path from its root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()}))


def sources(*tops: str) -> tuple[str, ...]:
    """The Python files under these top folders."""
    return tuple(name for name in files() if name.endswith(".py") and name.partition("/")[0] in tops)


@cache
def text(name: str) -> str:
    """A file's text; what is not UTF-8 counts as empty."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def syntax(name: str) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(text(name), name)


def module_name(name: str) -> str:
    """monitor/store/targets.py → monitor.store.targets; a package's __init__.py → the package."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def module_files() -> dict[str, str]:
    """Module name → file, for all modules of ours."""
    return {module_name(name): name for name in sources("monitor", "checks")}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported name: `module` is where it comes from, `name` is empty for a plain `import module`."""

    module: str
    name: str
    line: int

    @property
    def root(self) -> str:
        return self.module.partition(".")[0]

    @property
    def target(self) -> str | None:
        """The file of ours this import reaches, or None."""
        return module_files().get(f"{self.module}.{self.name}") or module_files().get(self.module)


@cache
def imports(name: str) -> tuple[Import, ...]:
    """All imports of a file, those inside functions too."""
    return tuple(_imports(name))


def _imports(name: str) -> Iterator[Import]:
    for node in ast.walk(syntax(name)):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative import"
            yield from (Import(node.module or "", alias.name, node.lineno) for alias in node.names)


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions and methods of a file."""
    for node in ast.walk(syntax(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
