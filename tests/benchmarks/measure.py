"""Side by side in one run: `measure(ours=…, floor=…)`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

WARM_UP = 5


@dataclass(frozen=True)
class Figure:
    """`what` took `ours_ms`; `beside` is the floor or the peer that took `floor_ms` in the same rounds. Medians of `rounds`."""

    what: str
    ours_ms: float
    beside: str
    floor_ms: float
    rounds: int
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours_ms / self.floor_ms


def measure(
    what: str, ours: Callable[[], object], beside: str, floor: Callable[[], object], *, rounds: int = 200, note: str = ""
) -> Figure:
    """Calls both in turn, `rounds` times, and takes the median of each."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(WARM_UP + rounds):
        for call, taken in zip((ours, floor), times, strict=True):
            started = perf_counter()
            call()
            if number >= WARM_UP:
                taken.append(1000 * (perf_counter() - started))
    return Figure(what, median(times[0]), beside, median(times[1]), rounds, note)


def show(name: str, figures: Iterable[Figure]) -> None:
    print(f"\n{name}\n{'':42}{'ours':>10}  {'floor':>10}  {'ratio':>7}  n")
    for figure in figures:
        print(
            f"{figure.what:42}{figure.ours_ms:>7.2f} ms  {figure.floor_ms:>7.2f} ms  {figure.ratio:>6.1f}×  {figure.rounds}"
            f"  beside {figure.beside}{'; ' + figure.note if figure.note else ''}",
            flush=True,
        )
