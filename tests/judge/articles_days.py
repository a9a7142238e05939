"""Days for the tables of the articles: those of which 19 November 2026 is the last day of a limit, and one after a weekend."""

from tests.judge.made import at

TWO_WEEKS, TWO_MONTHS, A_QUARTER, HALF_A_YEAR, A_YEAR = (
    *("2026-11-05", "2026-09-19", "2026-08-19", "2026-05-19", "2025-11-19"),
)
TUESDAY = at("2026-11-24")
"""00:00 after the first working day of a week: a limit of working days that ends then is none of as many days."""
