"""What several readers ask of one page, found when it is first asked for and kept: links, dates, lists, what is out of sight.

Reads a Document and the day of capture; gives what `rows`, `stamps`, `regions`, `hidden` and `landmarks` find on it. Judges nothing.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from monitor.read.folder import Folder
from monitor.read.hidden import Veil, all_within, veiled_elements
from monitor.read.html import Document
from monitor.read.landmarks import crumb_index
from monitor.read.links import Addresses
from monitor.read.lost import lost_elements
from monitor.read.regions import candidates
from monitor.read.rows import Anchor, Region, find_anchors
from monitor.read.stamps import Stamp, find_stamps


@dataclass
class Gathered:
    """One page on one day; `addresses` is what its references lead to. All that it answers is shared: nobody changes it.

    `url` is its own address with the part behind #, by which some platforms tell columns apart.
    """

    document: Document
    today: date
    addresses: Addresses
    url: str = ""
    _regions: dict[bool, list[Region]] = field(default_factory=dict)

    @cached_property
    def veiled(self) -> dict[int, Veil]:
        """The outermost elements that a visitor cannot see, and how each is hidden."""
        return veiled_elements(self.document)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """Indexes of the elements that a visitor cannot see."""
        return all_within(self.document, self.veiled)

    @cached_property
    def lost(self) -> frozenset[int]:
        """Indexes of those of them that nothing on the page would show again."""
        return lost_elements(self.document, self.veiled)

    @cached_property
    def crumb(self) -> int:
        """The index of the breadcrumb, 0 when there is none."""
        return crumb_index(self.document)

    @cached_property
    def anchors(self) -> list[Anchor]:
        """Links that could be titles."""
        return find_anchors(self.document)

    @cached_property
    def stamps(self) -> list[Stamp]:
        """Where it shows dates. Raises TooMuch."""
        return find_stamps(self.document, self.today)

    def regions(self, *, whole: bool) -> list[Region]:
        """All candidate lists, heaviest first; `whole` for a home page. Raises TooMuch."""
        if whole not in self._regions:
            folder = None if whole else Folder(self.document, self.url, self.addresses, self.crumb)
            self._regions[whole] = candidates(
                self.document, self.anchors, self.stamps, self.crumb, folder=folder, whole=whole
            )
        return self._regions[whole]
