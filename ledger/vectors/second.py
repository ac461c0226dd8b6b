#!/usr/bin/env python3
"""A second implementation of docs/ledger.md, sections 2, 4 and 6, in Python's standard library only.

    second.py check            recalculates every vector on file
    second.py add KIND...      adds a vector for kinds that have none yet, then checks

It is written from the page, not from the crate: when both agree, the page says enough.
"""

import hashlib
import hmac
import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).parent
TAGS = {"conversation": 1, "person": 2, "system": 3}


def header_bytes(header):
    """The canonical header of section 2."""
    optional = {name: header.get(name) for name in ("seq", "actor", "on_behalf_of", "conversation", "target", "written_at")}
    flags = sum(1 << bit for bit, value in enumerate(optional.values()) if value is not None)
    stream = header["stream"]
    parts = [
        bytes([1, flags]),
        header["kind"].to_bytes(2, "big"),
        bytes.fromhex(header["record"]),
        header["position"].to_bytes(8, "big"),
        bytes([TAGS[stream["type"]]]),
        bytes.fromhex(stream.get("id", "")),
        b"" if optional["seq"] is None else optional["seq"].to_bytes(8, "big"),
    ]
    parts += [bytes.fromhex(optional[name] or "") for name in ("actor", "on_behalf_of", "conversation", "target")]
    parts.append(header["at"].to_bytes(8, "big", signed=True))
    if optional["written_at"] is not None:
        parts.append(optional["written_at"].to_bytes(8, "big", signed=True))
    parts.append(bytes.fromhex(header["commitment"]))
    return b"".join(parts)


def leaf(header):
    return hashlib.sha256(b"\0" + header).hexdigest()


def commitment(opener, body):
    return hmac.new(opener, b"chancery.record.body.v1\0" + body, hashlib.sha256).hexdigest()


def load(name):
    return json.loads((FOLDER / f"{name}.json").read_text())


def add(kinds):
    """A header for each kind, with fields drawn from its number, so that a second run makes the same."""
    file = load("headers")
    known = {vector["header"]["kind"] for vector in file["headers"]}
    for kind in sorted(set(kinds) - known):
        draw = lambda what: hashlib.sha256(f"{kind} {what}".encode()).hexdigest()
        in_conversation = kind < 1000
        header = {
            "record": draw("record")[:32],
            "position": kind + 1,
            "stream": {"type": "conversation", "id": draw("stream")[:32]} if in_conversation else {"type": "system"},
            **({"seq": kind} if in_conversation else {}),
            "kind": kind,
            "actor": draw("actor")[:32],
            "target": draw("target")[:32],
            "at": 1767225600000000 + kind,
            "commitment": draw("commitment"),
        }
        made = header_bytes(header)
        file["headers"].append({"name": f"kind {kind}", "header": header, "bytes": made.hex(), "leaf": leaf(made)})
    (FOLDER / "headers.json").write_text(json.dumps(file, indent=1) + "\n")


def check():
    for vector in load("headers")["headers"]:
        made = header_bytes(vector["header"])
        assert (made.hex(), leaf(made)) == (vector["bytes"], vector["leaf"]), vector["name"]
    for vector in load("commitments")["commitments"]:
        made = commitment(bytes.fromhex(vector["opener"]), bytes.fromhex(vector["body"]))
        assert made == vector["commitment"], vector["name"]


match sys.argv[1:]:
    case ["check"]:
        check()
    case ["add", *kinds] if kinds:
        add(map(int, kinds))
        check()
    case _:
        sys.exit(__doc__)
