"""The shape of the code: who may write a state, read the clock, commit; how long things are."""

import ast
import re
import statistics
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = sorted(
    p for folder in ("outreach", "workers") for p in (ROOT / folder).rglob("*.py") if "versions" not in p.parts
)
TREES = {path: ast.parse(path.read_text()) for path in CODE}


def named(path):
    return path.relative_to(ROOT).as_posix()


def where(pattern, but=()):
    return [named(p) for p in CODE if re.search(pattern, p.read_text()) and named(p) not in but]


def test_one_module_knows_the_time():
    assert where(r"datetime\.(now|utcnow)\(|date\.today\(|\bZoneInfo\(", but=["outreach/clock.py"]) == []


def test_one_module_writes_a_state():
    writes = r"\.state = |values\(state=|\bstate=\"(queued|sending|published|approved)\""
    assert where(writes, but=["outreach/posts/lifecycle.py"]) == []


def test_only_writing_commits():
    assert where(r"session\.commit\(\)", but=["outreach/db.py", "outreach/web/signin.py"]) == []


def test_every_state_has_its_paragraph_and_its_words():
    from outreach.posts import lifecycle
    from outreach.web.shown import DELIVERY_SHOWN, POST_SHOWN

    for state in lifecycle.POST_MOVES | lifecycle.DELIVERY_MOVES:
        assert re.search(rf"^    {state}\s", lifecycle.__doc__, re.MULTILINE), state
    assert set(lifecycle.POST_MOVES) <= set(POST_SHOWN)
    assert set(lifecycle.DELIVERY_MOVES) == set(DELIVERY_SHOWN)


def test_every_move_leads_somewhere_known():
    from outreach.posts.lifecycle import DELIVERY_MOVES, POST_MOVES

    for table in (POST_MOVES, DELIVERY_MOVES):
        assert {new for news in table.values() for new in news} <= set(table)


def test_files_and_functions_are_short():
    files = sorted(path.read_text().count("\n") for path in CODE)
    functions = [
        (node.end_lineno - node.lineno + 1, f"{named(path)}:{node.name}")
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    lengths = sorted(length for length, _ in functions)
    assert statistics.median(files) <= 100
    assert files[int(len(files) * 0.95)] <= 300
    assert statistics.median(lengths) <= 10
    assert [f for f in functions if f[0] > 60] == []


def test_every_module_says_what_it_is():
    assert [named(p) for p, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_templates_have_no_inline_script_or_style_and_escape_everything():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\|\s*safe\b|<script(?![^>]*src)|\son[a-z]+=\"|\sstyle=\"", text), path
