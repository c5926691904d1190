"""A contest of the product against its floor: both do the same work in turns, and medians are compared."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

Work = Callable[[], object]


@dataclass
class Contest:
    """What both took, in seconds, and how many times the floor the product may take."""

    title: str
    bound: float
    product: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    notes: str = ""

    def round(self, product: Work, floor: Work) -> None:
        """Time both once, each of them first in every other round."""
        both = [(self.product, product), (self.floor, floor)]
        for times, work in both if len(self.floor) % 2 else reversed(both):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)

    @property
    def ratio(self) -> float:
        """Return the product's median over the floor's."""
        return median(self.product) / median(self.floor)

    @property
    def holds(self) -> bool:
        """Return whether the product keeps within its bound."""
        return self.ratio <= self.bound

    def line(self) -> str:
        """Return the result as one line."""
        return (
            f"{self.title:<36}{median(self.product) * 1000:>10.2f} ms"
            f"{median(self.floor) * 1000:>10.2f} ms{self.ratio:>8.2f}  (at most {self.bound:g})"
            f"{'' if self.holds else '  TOO SLOW'}  {self.notes}"
        )
