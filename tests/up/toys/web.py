"""A page on OUTREACH_LISTEN that tells the environment."""

import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())

    def log_message(self, *_: object) -> None:
        pass


with Path(os.environ["OUTREACH_HOME"], "web.pids").open("a") as pids:
    pids.write(f"{os.getpid()}\n")
host, port = os.environ["OUTREACH_LISTEN"].rsplit(":", 1)
HTTPServer((host, int(port)), Page).serve_forever()
