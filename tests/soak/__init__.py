"""Everything breaks at random, for minutes: `make soak`, or `python -m tests.soak --seconds N --posts N --seed N`."""

import sys
from pathlib import Path

# the helpers of all tests, and those of the stories, by the names under which the tests know them
sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "story")]
