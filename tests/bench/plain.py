"""The peer: a plain loop of Mastodon.py. `python -m tests.bench.plain WORDS COUNT SERVER...` in a process of its own.

COUNT messages, over all servers in turn, by 32 threads. A client for each account is made before the clock starts, and
shared: connections are kept open, nothing is stored, nothing is checked. It prints when it began.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.bench.network import ROOT, Network

THREADS = 32


def main(words: str, count: int, servers: list[str]) -> None:
    from mastodon import Mastodon

    places = [
        Mastodon(access_token=f"token-{n}", api_base_url=server, version_check_mode="none", mastodon_version="4.3.0")
        for n, server in enumerate(servers)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        began = time.time()
        sends = [pool.submit(places[n % len(places)].status_post, f"{words} {n}") for n in range(count)]
    for sent in sends:
        sent.result()
    print(began)


def last_after(network: Network, count: int, servers: list[str]) -> float:
    """Seconds from the start of the loop to the last arrival."""
    network.forget()
    command = [sys.executable, "-m", "tests.bench.plain", "Plain", str(count), *servers]
    began = float(subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=120).stdout)
    return max(arrival.at for arrival in network.wait_for(count, 1)) - began


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
