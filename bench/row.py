"""What is measured, against what it should be."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A line of the table; figures are as they are shown."""

    what: str
    measured: str
    target: str
    is_met: bool | None
    """None where there is no target."""
    plot: str = ""
    """The title of the plot that has `bars`."""
    bars: tuple[tuple[str, float], ...] = ()
    """The figures that are compared, each with its name, the fake's first."""

    def as_markdown(self) -> str:
        """Give the line of a Markdown table."""
        met = "-" if self.is_met is None else "yes" if self.is_met else "no"
        return f"| {self.what} | {self.measured} | {self.target} | {met} |"


def told(what: str, measured: str) -> Row:
    """Make a row of what has no target."""
    return Row(what=what, measured=measured, target="-", is_met=None)


def with_bars(row: Row, plot: str, *bars: tuple[str, float]) -> Row:
    """Give a row whose figures are drawn, too; rows of one title make one plot."""
    return replace(row, plot=plot, bars=bars)


def at_least(what: str, ratio: float, target: float, absolute: str) -> Row:
    """Make a row of a ratio that should be as high as can be."""
    return Row(
        what=what,
        measured=f"{ratio:.2f} x ({absolute})",
        target=f"at least {target:g} x",
        is_met=ratio >= target,
    )


def at_most(what: str, value: float, target: float, unit: str, absolute: str = "") -> Row:
    """Make a row of a figure that should be as low as can be."""
    return Row(
        what=what,
        measured=f"{value:.3g} {unit}" + (f" ({absolute})" if absolute else ""),
        target=f"at most {target:g} {unit}",
        is_met=value <= target,
    )
