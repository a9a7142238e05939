"""Days of which 19 November 2026 is the last day of a limit, for the tables of the articles."""

TWO_WEEKS, TWO_MONTHS, A_QUARTER, HALF_A_YEAR, A_YEAR = (
    *("2026-11-05", "2026-09-19", "2026-08-19", "2026-05-19", "2025-11-19"),
)
