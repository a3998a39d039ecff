"""`make bench`: our figures, each beside a raw limit that is measured in the same run. No figure fails it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the helpers of the tests
