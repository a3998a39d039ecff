"""A small real SMTP server on the loopback (RFC 5321, no TLS): keeps letters, or refuses them."""

from __future__ import annotations

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from email.policy import default


class Letters(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say(self.server.greeting)  # type: ignore[attr-defined]
        while line := self.rfile.readline():
            word = line.split(b" ", 1)[0].strip().upper()
            if word == b"DATA":
                self.take()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            elif word == b"MAIL" and self.server.refuses_senders:  # type: ignore[attr-defined]
                self.say("550 not you")
            elif word == b"RCPT" and self.server.refuses:  # type: ignore[attr-defined]
                self.say("550 no such person")
            else:
                self.say("250 ok")

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=default))  # type: ignore[attr-defined]
        self.say("250 taken")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Letters)
        self.letters: list[Message] = []
        self.refuses = self.refuses_senders = False
        self.greeting = "220 here"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://{self.server_address[0]}:{self.server_address[1]}"
