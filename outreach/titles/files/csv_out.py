"""Cells of the CSV files that we write, so that no spreadsheet takes one for a formula.

The rule is OWASP's for CSV injection: a cell that begins with one of these characters gets an apostrophe before it.
"""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # the wide ones work as well in Japanese Excel


def neutral(cell: str) -> str:
    """`cell`, with an apostrophe before it if a spreadsheet would calculate it; "-5" too, which then is text."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS) else cell
