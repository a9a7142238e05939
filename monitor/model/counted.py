"""Under which words columns are counted that a veto adds up: their kind, and whether they are told to be deeper than 一级栏目."""

from monitor.model.rule import Rule
from monitor.model.words import ColumnKind

_DEEPER = "deeper/"


def counted_as(kind: str, level: int) -> str:
    """Of a column on the first level, or of which nobody said, its kind: "policy"; of others "deeper/policy"."""
    return f"{_DEEPER}{kind}" if level > 1 else kind


def counted_of_column(rule: Rule) -> frozenset[str]:
    """What the columns are counted as that a rule about columns is about."""
    kinds, level = rule.applies.column or tuple(ColumnKind), rule.applies.level
    return frozenset(counted_as(kind, one) for kind in kinds for one in (1, 2) if level in {None, one})


def counted_of_sum(rule: Rule) -> frozenset[str]:
    """What a rule that adds columns up counts: kinds of its option `column`, and of `deeper` (none: the same) those told to be deeper."""
    kinds, deeper = rule.options.get("column") or tuple(ColumnKind), rule.options.get("deeper")
    assert isinstance(kinds, list | tuple)  # a pack with a word here does not load
    assert deeper is None or isinstance(deeper, list | tuple)
    return frozenset(map(str, kinds)) | {counted_as(str(kind), 2) for kind in deeper or kinds}
