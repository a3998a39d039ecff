"""The built package carries all that it needs: unpacked elsewhere, its pages render and its tables are made."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRY = """
import outreach
from outreach import create_app, places
from outreach.db import db
from outreach.migrate import upgrade
assert "unpacked" in outreach.__file__, outreach.__file__
assert places.procfile().is_file()
app = create_app()
with app.app_context():
    upgrade(db.engine)
from outreach.languages import _catalogs
assert _catalogs() == {"es"}
print(app.test_client().get("/being-set-up").status_code, app.test_client().get("/static/outreach.css").status_code)
"""


def test_the_wheel_works_away_from_the_checkout(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "unpacked"), "OUTREACH_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", TRY],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == ["503", "200"], done.stderr
