"""The titles as a table: what is shown, and nothing that a spreadsheet would run."""

import csv
import io

from clients import signed_in

from outreach.db import writing
from outreach.models import Title


def test_the_titles_that_are_shown_come_as_a_table_without_formulas(app, cast, now):
    with writing() as session:
        for name, format in (("=HYPERLINK(1)", "kit"), ("Emma", "kit"), ("Dune", "DVD")):
            session.add(Title(library_id=cast.library.id, title=name, match_key=name, format=format, first_seen_at=now))
        session.add(Title(library_id=cast.other.id, title="Foreign", match_key="f", format="kit", first_seen_at=now))
    answer = signed_in(app, cast.librarian).get("/titles/all/titles.csv?format=kit")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Title", "'=HYPERLINK(1)", "Emma"]
