from __future__ import annotations

import pytest


@pytest.fixture
def pages() -> bool:
    return True
