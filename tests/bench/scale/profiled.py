"""The daemon under cProfile, its loop's thread: `python -m tests.bench.scale.profiled OUTPUT --config FILE`."""

import cProfile
import sys
from pathlib import Path

from monitor import log
from monitor.app import run


def main() -> None:
    """Run until told to stop, then write what was found."""
    log.set_up_logging()
    profile = cProfile.Profile()
    profile.enable()
    try:
        run(Path(sys.argv[3]))
    finally:
        profile.disable()
        profile.dump_stats(sys.argv[1])


if __name__ == "__main__":
    main()
