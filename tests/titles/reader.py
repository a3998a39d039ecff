"""A worker that reads one list, as its task does: `python reader.py LIST`. The database is that of the environment."""

from __future__ import annotations

import os
import sys

from outreach import clock, create_app
from outreach.config import load
from outreach.shop import make_shop
from outreach.titles.reading import desk_of, read_list

if __name__ == "__main__":
    config = load(os.environ)
    with create_app(config, pages=False).app_context():
        read_list(int(sys.argv[1]), desk_of(make_shop(config), clock.now))
