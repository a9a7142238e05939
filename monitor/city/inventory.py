"""What the city's own inventory breaks from the beginning: no host of it ends in .gov.cn, and a town may ask for that.

Pure. The inventory is judged with the first look at a site.
"""

from collections.abc import Iterator

from monitor.city.sight import Sight
from monitor.city.terms import Unit, allowed
from monitor.model import Cause

RULE = "shaoguan-2023/domain"
GOVERNMENT = ".gov.cn"


def foreign_hosts(sight: Sight) -> Iterator[Unit]:
    """A unit for each site under the rule."""
    if RULE.partition("/")[0] not in sight.terms.rules:
        return
    for site in sight.plan.sites:
        if not site.host.endswith(GOVERNMENT):
            due = sight.patience.deadline(sight.start, allowed(sight.terms, "inventory", site.name))
            yield Unit(site.name, Cause.INVENTORY, "inventory", sight.start, None, due, RULE, sight.start)
