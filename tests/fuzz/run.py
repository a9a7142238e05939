"""The coverage-guided fuzzer: libFuzzer by atheris over `target.examine`, seeded by our own samples.

`make fuzz ARGS="-max_total_time=600"` hands libFuzzer's options on (default: 20,000 inputs from seed 1, the same every time).
What breaks is left as a file in `--findings` (default: fuzz-findings/ here and now) and tried again by naming it. Exit 0 when
nothing broke. `--target module:function` tries another target.
"""

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 20_000
LONGEST = 8192
"""Bytes of an input; repeated ones come to 100 KB (target.py)."""
BOUNDS = ("-rss_limit_mb=1500", "-timeout=300", "-print_final_stats=1")
"""No input may hold 1.5 GB or be under way for 300 s of the wall: for what target.py cannot interrupt."""


def main(arguments: list[str]) -> int:
    """The fuzzer in a process of its own, since libFuzzer ends the one it runs in."""
    if "--inside" in arguments:
        return _fuzz([one for one in arguments if one != "--inside"])
    from tests.fuzz.seeds import seeds  # not inside: what it imports of monitor.read would not be counted

    with tempfile.TemporaryDirectory(prefix="zhishou-fuzz-") as folder:
        if all(one.startswith("-") for one in arguments):
            for number, seed in enumerate(seeds()):
                (Path(folder) / f"{number:03}").write_bytes(seed)
            arguments = [*arguments, folder]
        return subprocess.run([sys.executable, "-m", "tests.fuzz.run", "--inside", *arguments], check=False).returncode


def _fuzz(arguments: list[str]) -> int:
    import atheris

    own = dict(one.removeprefix("--").split("=", 1) for one in arguments if one.startswith("--"))
    given = [one for one in arguments if not one.startswith("--")]
    with atheris.instrument_imports(include=["monitor.read"]):
        module, _, function = own.get("target", "tests.fuzz.target:examine").partition(":")
        examine = getattr(importlib.import_module(module), function)
    findings = Path(own.get("findings", "fuzz-findings"))
    findings.mkdir(parents=True, exist_ok=True)
    options = [*BOUNDS, f"-max_len={LONGEST}", f"-artifact_prefix={findings}/"]
    again = any(Path(one).is_file() for one in given)  # an input that is named is tried as often as -runs says
    if not again and not any(one.startswith(("-runs=", "-max_total_time=")) for one in given):
        options.append(f"-runs={RUNS}")
    if not any(one.startswith("-seed=") for one in given):
        options.append("-seed=1")
    atheris.Setup([sys.argv[0], *options, *given], examine)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
