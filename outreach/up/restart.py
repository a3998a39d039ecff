"""When a child that ended is started again (pure)."""

from __future__ import annotations

FIRST, LONGEST = 1.0, 30.0  # seconds of pause, doubled each time
SETTLED = 60.0  # who lived so long starts with a clean record
SUSPICIOUS = 5  # ends in a row after which a person is told where to look


def ends_in_a_row(before: int, lived: float) -> int:
    return 1 if lived >= SETTLED else before + 1


def pause(ends: int) -> float:
    return min(FIRST * 2.0 ** min(ends - 1, 30), LONGEST)


def sentence(name: str, code: int, ends: int) -> str:
    """What the log says about it; ``code`` as `subprocess` gives it (negative: a signal)."""
    if ends == SUSPICIOUS:
        return (
            f"{name} has ended {ends} times in a row, soon after it was started. The lines of {name} above say why; "
            f"`outreach doctor` checks the settings. It is tried again every {LONGEST:.0f} s at most."
        )
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"{name} {how}; it is started again in {pause(ends):g} s."
