"""Task 6: a list of titles becomes a post in review."""

from __future__ import annotations

from browser.conftest import until_shown


def isbn(number: int) -> str:
    twelve = f"978014{number:06}"
    return twelve + str(-sum(int(digit) * (1, 3)[n % 2] for n, digit in enumerate(twelve)) % 10)


def list_of(first: int) -> dict[str, object]:
    lines = "".join(f"Pirates of room {n},Silver Number {n},{isbn(n)}\n" for n in range(first, first + 4))
    return {"name": "list.csv", "mimeType": "text/csv", "buffer": f"Title,Author,ISBN\n{lines}".encode()}


def test_a_list_of_titles_becomes_a_post_in_review(visit, way):
    first = 700_000 + sum(map(ord, str(way))) * 7
    she = visit("contributor")
    she.goes("New titles")
    she.press("Add titles")
    she.brings("A list from your library system, or a vendor's records", list_of(first))
    she.press("Look at it")
    she.reads(f"Pirates of room {first}")
    she.press("Yes, they are there")
    until_shown(she.page, she.say("What happens next"))
    she.press("Write a post about them now")
    she.reads(f"Pirates of room {first}", she.page.locator(".previews"))
    words = f"For the harbour ({way}):"
    she.writes("Words above the list", words)
    she.press("Send for review")
    she.sees("Sent for review.")

    colleague = visit("approver", "/list/")
    colleague.opens(words)
    colleague.sees("Waits for review.")
    colleague.reads(f"Pirates of room {first + 3}")
    she.needed_no_settings()
