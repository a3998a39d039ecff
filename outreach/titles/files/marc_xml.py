"""Records out of MARCXML: one or a collection, with or without a namespace, bare or in an answer of OAI or SRU.

pymarc builds the records; what it is told by the parser is narrowed here. A document type is refused before anything
of it is read, so that no entity is ever defined, expanded or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.sax import SAXParseException
from xml.sax.expatreader import create_parser
from xml.sax.handler import LexicalHandler, feature_external_ges, feature_namespaces, property_lexical_handler

from pymarc import Leader, Record, XmlHandler

from outreach.titles.files.lists import NotAList
from outreach.titles.files.marc_letters import MENDED, is_utf8
from outreach.titles.files.marc_record import WANTED, Fields, MarcField, MarcRecord
from outreach.words import Sentence

DECLARED = Sentence("This file begins with a document type (DOCTYPE), which we do not read. Export it without one.")
PART = Sentence("Part of this record is not written as MARCXML should be. The rest was read; please look at it.")

_STEP = 1_000_000  # bytes given to the parser at once: few enough for memory, so many that a long word costs little
# None is a file without namespaces. Outside of these, "record" is the envelope of OAI or SRU.
_NAMESPACES = frozenset(
    (None, "http://www.loc.gov/MARC21/slim", "info:lc/xmlns/marcxchange-v1", "info:lc/xmlns/marcxchange-v2")
)
_BEFORE = b" \r\n\t\x00\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")  # UTF-16
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")  # XML knows none of them, catalogs leave some in
_ENCODING = re.compile(rb"""<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)""")
_RECORD = re.compile(rb"<(?:[\w.-]+:)?leader[\s/>]")  # every record has one, and envelopes have none


def is_xml(body: bytes) -> bool:
    return body.startswith(_WIDE) or body[:1_000].lstrip(_BEFORE).startswith(b"<")


def count_xml(body: bytes) -> int:
    return len(_RECORD.findall(body.replace(b"\x00", b"") if body.startswith(_WIDE) else body))


def records_in_xml(body: bytes) -> Iterator[tuple[MarcRecord | None, Sentence | None]]:
    """Each record and what is wrong with it, or None; where the XML breaks, None and a sentence, and then no more.

    Raises NotAList for a file with a document type.
    """
    handler, parser = _Records(), create_parser()  # noqa: S315 - without document types it knows no entities
    parser.setContentHandler(handler)
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setProperty(property_lexical_handler, _NoDocumentType())
    body = _mended(body)
    anything = False
    try:
        for start in range(0, len(body), _STEP):
            parser.feed(body[start : start + _STEP])
            anything = anything or bool(handler.found)
            yield from handler.take()
        parser.close()
    except SAXParseException as broken:
        anything = anything or bool(handler.found)
        yield from handler.take()
        if anything:
            yield None, _broken(broken.getLineNumber())


def _broken(line: int | None) -> Sentence:
    return Sentence(
        "The file is damaged or breaks off at line %(line)s. The records before it were read. "
        "Export the list again for the rest.",
        line=line or 1,
    )


def _mended(body: bytes) -> bytes:
    """Without what no XML may hold; letters that are no UTF-8 though the file says so are read as Windows-1252."""
    if body.startswith(_WIDE):
        return body
    body = body.lstrip(_BEFORE).translate(None, _CONTROLS)
    said = _ENCODING.match(body)
    if (said and said[1].lower() not in (b"utf-8", b"utf8")) or is_utf8(body):
        return body
    return body.decode("utf-8", MENDED).encode()


def _plain(record: Record) -> MarcRecord:
    fields: Fields = {}
    for field in record.fields:
        if field.tag in WANTED:
            indicators = "".join((indicator or " ")[0] for indicator in (field.indicator1, field.indicator2))
            subfields = [(code, value) for code, value in field.subfields]
            fields.setdefault(field.tag, []).append(MarcField(indicators, subfields, field.data or ""))
    return MarcRecord(str(record.leader), fields)


class _NoDocumentType(LexicalHandler):
    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None:
        raise NotAList(DECLARED)


class _Records(XmlHandler):
    """As pymarc's, but one that a field without a tag does not stop, and that leaves envelopes alone."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.found: list[tuple[MarcRecord, Sentence | None]] = []
        self._faulty = False

    def take(self) -> list[tuple[MarcRecord, Sentence | None]]:
        found, self.found = self.found, []
        return found

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:
        if name[0] not in _NAMESPACES:
            return
        if name[1] == "record":
            self._faulty = False
        try:
            super().startElementNS(name, qname, attrs)  # type: ignore[no-untyped-call]
        except Exception:  # no tag, no code, or what else pymarc cannot make a field of
            self._faulty, self._field = True, None

    def endElementNS(self, name: Any, qname: Any) -> None:
        if name[0] not in _NAMESPACES:
            return
        if name[1] == "leader" and self._record:
            self._record.leader = Leader("".join(self._text).ljust(24)[:24])  # white space in it is often lost
            self._text = []
            return
        super().endElementNS(name, qname)  # type: ignore[no-untyped-call]

    def process_record(self, record: Record) -> None:
        self.found.append((_plain(record), PART if self._faulty else None))
