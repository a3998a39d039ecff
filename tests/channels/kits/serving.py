"""What the stand-ins share: forms read without the code under test, and answers that end their connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from local_server import LocalServer, Reply, Request


def serving(answer: Callable[[Request], Reply]) -> LocalServer:
    """One request a connection, and told so: the faulty proxy ends each, and a client must not use it again."""

    def closed(request: Request) -> Reply:
        reply = answer(request)
        return replace(reply, headers={**reply.headers, "Connection": "close"})

    return LocalServer(closed)


def fields_of(request: Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """(fields, files: name -> (type, bytes)) of an urlencoded or multipart body."""
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith("multipart/form-data"):
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True)), {}
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body)
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in parsed.iter_parts():
        name, data = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
        if part.get_filename():
            files[name] = (part.get_content_type(), data)
        else:
            fields[name] = data.decode()
    return fields, files
