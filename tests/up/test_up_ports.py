from __future__ import annotations

import socket

import pytest

from outreach.up import CannotStart, ports


@pytest.mark.parametrize(
    ("bind", "listen", "url"),
    [
        ("127.0.0.1", "127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("0.0.0.0", "0.0.0.0:5000", "http://127.0.0.1:5000"),
        ("::1", "[::1]:5000", "http://[::1]:5000"),
        ("::", "[::]:5000", "http://[::1]:5000"),
    ],
)
def test_addresses_as_gunicorn_and_browsers_write_them(bind, listen, url):
    assert (ports.listen(bind, 5000), ports.url(bind, 5000)) == (listen, url)


def test_a_port_that_everybody_listens_on_is_taken():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert ports.choose("127.0.0.1", port) > port


def test_port_nought_is_any():
    assert ports.choose("127.0.0.1", 0) > 1023


def test_an_address_of_another_machine_is_a_sentence():
    with pytest.raises(CannotStart, match=r"OUTREACH_BIND is '192\.0\.2\.1'"):
        ports.choose("192.0.2.1", 5000)
