"""Frames and columns of docs/sync-protocol.md as bytes, written from the document alone: see sync_client.py."""

import hashlib
import json
import struct
import uuid
from pathlib import Path

import zstandard
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

WIRE = Path(__file__).resolve().parents[1] / "wire" / "v2"
DICTIONARY = WIRE.parents[2] / "crates/protocol/dictionaries/v2.dict"
DICTIONARY = zstandard.ZstdCompressionDict(DICTIONARY.read_bytes())
REQUEST, ANSWER, ENROL_ASK, ENROL_GRANT = 1, 2, 3, 4
MASK = (1 << 64) - 1
ANSWER_BYTES_MAX = 16 << 20


class Refused(Exception):
    """What came is not what the document calls by that name, or not from whom it should be."""


# Numbers, steps and text.


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def step(value, before=0):
    difference = (value - before) & MASK
    return number((difference << 1) & MASK ^ (MASK if difference >> 63 else 0))


def text(value):
    if all(c < "\x80" or "\u0e00" <= c <= "\u0e5f" for c in value):
        letters = bytes(ord(c) if c < "\x80" else ord(c) - 0xE00 + 0xA0 for c in value)
        return number(len(letters) << 1) + letters
    letters = value.encode()
    return number(len(letters) << 1 | 1) + letters


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Refused("ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self):
        return self.take(1)[0]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def step(self, before=0):
        zigzag = self.number()
        return (before + (zigzag >> 1 ^ (MASK if zigzag & 1 else 0))) & MASK

    def signed(self, before=0):
        value = self.step(before & MASK)
        return value - (1 << 64) if value >> 63 else value

    def text(self):
        length = self.number()
        letters = self.take(length >> 1)
        if length & 1:
            return letters.decode()
        if any(0x80 <= b < 0xA0 for b in letters):
            raise Refused("no letter of TIS-620")
        return "".join(chr(b) if b < 0x80 else chr(b - 0xA0 + 0xE00) for b in letters)

    def several(self, read):
        return [read() for _ in range(self.number())]


# Frames.


def pack(kind, payload, key=None, signature=None):
    signature = signature or key.sign(signed(kind, payload)).signature
    body = zstandard.ZstdCompressor(dict_data=DICTIONARY, write_content_size=False, write_dict_id=False)
    return b"JTSA" + bytes([2, kind, 2]) + number(len(payload)) + signature + body.compress(payload)


def signed(kind, payload):
    return b"jitasa desk sync 2\0" + bytes([kind]) + hashlib.sha256(payload).digest()


def unpack(frame):
    """Kind, payload and signature; whose signature it must be, the caller knows."""
    reader = Reader(frame)
    if reader.take(4) != b"JTSA" or reader.byte() != 2:
        raise Refused("no frame of version 2")
    kind, packed, length, signature = reader.byte(), reader.byte(), reader.number(), reader.take(64)
    payload = frame[reader.at :]
    if length > ANSWER_BYTES_MAX:
        raise Refused("more than a desk reads")
    if packed:
        try:
            inflate = zstandard.ZstdDecompressor(dict_data=DICTIONARY if packed == 2 else None)
            payload = inflate.decompress(payload, max_output_size=length, allow_extra_data=False)
        except zstandard.ZstdError as error:
            raise Refused("does not inflate") from error
    if len(payload) != length:
        raise Refused("not as long as it says")
    return kind, payload, signature


def checked(frame, kind, key=None):
    """The sections of a frame that `key` signed; without a key, by the one that it brings itself."""
    came, payload, signature = unpack(frame)
    sections = split(payload)
    key = key or json.loads(sections[0]).get("server_key") or json.loads(sections[0])["public_key"]
    try:
        VerifyKey(bytes.fromhex(key)).verify(signed(came, payload), signature)
    except BadSignatureError as error:
        raise Refused("the signature is another's") from error
    if came != kind:
        raise Refused("a frame of another kind")
    return sections


def split(payload):
    reader, sections = Reader(payload), []
    while reader.at < len(payload):
        sections.append(reader.take(reader.number()))
    return sections


def join(*sections):
    return b"".join(number(len(section)) + section for section in sections)


def compact(value, ordered=False):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=ordered).encode()


# Columns.


def read_columns(section):
    if not section:
        return []
    reader = Reader(section)
    if reader.byte() != 1:
        raise Refused("columns of another version")
    changes = reader.byte() == 1
    count = reader.number()
    entities = reader.several(lambda: (reader.text(), reader.several(reader.text)))
    actions = reader.several(reader.text)
    shapes = reader.several(lambda: read_shape(reader, entities, actions))
    ids = read_ids(reader)
    people = reader.several(lambda: ((reader.number(), reader.text()) if changes else ()) + (reader.text(),))

    def numbers(anchors):
        mode, values, before = reader.byte(), [], 0
        for anchor in anchors:
            before = reader.number() if mode == 0 else reader.step(before if mode == 1 else anchor)
            values.append(before)
        return values

    zeros = [0] * count
    shape = [shapes[place] for place in numbers(zeros)]
    change = numbers(zeros) if changes else zeros
    act = numbers(change) if changes else zeros
    record = numbers(change)
    person = [people[place] for place in numbers(zeros)]
    when = numbers([ids[place].int >> 80 for place in (act if changes else record)])
    order, more = numbers(zeros), numbers(zeros)
    rows = []
    for i in range(count):
        (entity, action, _), claimed = shape[i], when[i] - (1 << 64) if when[i] >> 63 else when[i]
        row = {"entity": entity, "entity_id": str(ids[record[i]]), "fields": {}, "action": action}
        row |= {"actor_name": person[i][-1], "claimed_at": claimed}
        if changes:
            row |= {"change_id": str(ids[change[i]]), "act_id": str(ids[act[i]]), "device_seq": order[i]}
            row |= {"base_version": more[i], "actor_id": str(ids[person[i][0]]), "actor_role": person[i][1]}
        else:
            row |= {"seq": order[i], "whole": bool(more[i] & 1), "left": bool(more[i] & 2)}
        rows.append(row)
    for entity, names in entities:
        for name in names:
            having = [i for i in range(count) if shape[i][0] == entity and name in shape[i][2]]
            values = read_values(reader, ids, [(rows[i], record[i]) for i in having])
            for i, value in zip(having, values):
                rows[i]["fields"][name] = value
    if reader.at != len(section):
        raise Refused("something follows the columns")
    return rows


def read_shape(reader, entities, actions):
    entity, names = entities[reader.number()]
    action, at, fields = actions[reader.number()], 0, []
    for _ in range(reader.number()):
        begin = reader.step(at)
        at = begin + reader.number()
        fields += names[begin:at]
    return entity, action, fields


def read_ids(reader):
    groups = reader.several(lambda: (reader.take(6), reader.number()))
    firsts, before = [], 0
    for _ in range(sum(count for _, count in groups)):
        before = reader.step(before)
        firsts.append(before)
    ids = []
    for middle, count in groups:
        for i in range(count):
            last = reader.step(last) if i else struct.unpack(">I", reader.take(4))[0]
            ids.append(uuid.UUID(int=firsts[len(ids)] << 80 | int.from_bytes(middle) << 32 | last))
    return ids


def read_values(reader, ids, rows):
    """The values of one column, for rows given with the places of their ids."""
    listed = rows and reader.data[reader.at] == 14
    if not listed:
        return read_runs(reader, ids, rows, len(rows))
    reader.byte()
    places = [reader.number() for _ in rows]
    fresh = read_runs(reader, ids, rows, places.count(0))
    new = iter(range(len(fresh)))
    return [fresh[place - 1] if place else fresh[next(new)] for place in places]


def read_runs(reader, ids, rows, count):
    values, place, digits, counted = [], 0, 0, ""
    while len(values) < count:
        head = reader.byte()
        form, length = head & 15, (head >> 4) + 1
        length += reader.number() if length == 16 else 0
        behind = reader.byte() if form == 10 else 0
        for _ in range(length):
            row, own = rows[len(values)]
            if form == 0:
                value = values[-1]
            elif form in (1, 2, 3):
                value = (None, False, True)[form - 1]
            elif form == 4:
                value = row["entity_id"]
            elif form == 5:
                value = row["actor_id"]
            elif form in (6, 7):
                place = reader.step(own if form == 6 else place)
                value = str(ids[place])
            elif form == 8:
                value = reader.signed(row["claimed_at"])
            elif form == 9:
                value = reader.signed()
            elif form == 10:
                digits = reader.signed(digits)
                value = float(f"{digits}e-{behind}")
            elif form == 11:
                value = reader.text()
            elif form == 12:
                tail = counted[len(counted.rstrip("0123456789")) :][-18:]
                value = counted[: len(counted) - len(tail)] + str(reader.step(int(tail))).zfill(len(tail))
            elif form == 13:
                value = read_plain(reader, ids)
            else:
                raise Refused(f"no form {form}")
            counted = value if form in (11, 12) else counted
            values.append(value)
    return values


def read_plain(reader, ids):
    kind = reader.byte()
    if kind < 3:
        return (None, False, True)[kind]
    if kind == 3:
        return reader.text()
    if kind == 4:
        return reader.signed()
    if kind == 5:
        return reader.number()
    if kind == 6:
        return struct.unpack(">d", reader.take(8))[0]
    if kind == 7:
        return reader.several(lambda: read_plain(reader, ids))
    if kind == 8:
        return dict(reader.several(lambda: (reader.text(), read_plain(reader, ids))))
    if kind == 9:
        return str(ids[reader.number()])
    raise Refused(f"no plain value {kind}")


def write_columns(changes):
    """The plainest form the document allows: every column says its numbers and values in full."""
    names, actions, shapes, people, ids = {}, [], [], [], set()
    for change in changes:
        known = names.setdefault(change["entity"], [])
        known += [name for name in change["fields"] if name not in known]
        ids |= {change[key] for key in ("change_id", "act_id", "entity_id", "actor_id")}
    table = sorted(ids, key=lambda id: (uuid.UUID(id).bytes[6:12], id))
    place = {id: i for i, id in enumerate(table)}

    def at(things, thing):
        return things.index(thing) if thing in things else things.append(thing) or len(things) - 1

    def shape_of(change):
        entity, fields = list(names).index(change["entity"]), b""
        known, end, runs = names[change["entity"]], 0, 0
        for i, name in enumerate(known):
            if name in change["fields"]:
                fields, end, runs = fields + step(i, end) + number(1), i + 1, runs + 1
        return number(entity) + number(at(actions, change["action"])) + number(runs) + fields

    shape = [at(shapes, shape_of(change)) for change in changes]
    person = [
        at(people, number(place[c["actor_id"]]) + text(c["actor_role"]) + text(c["actor_name"])) for c in changes
    ]
    columns = [shape] + [[place[c[key]] for c in changes] for key in ("change_id", "act_id", "entity_id")]
    columns += [person] + [[c[key] & MASK for c in changes] for key in ("claimed_at", "device_seq", "base_version")]
    out = bytes([1, 1]) + number(len(changes))
    out += number(len(names)) + b"".join(text(e) + number(len(k)) + b"".join(map(text, k)) for e, k in names.items())
    out += number(len(actions)) + b"".join(map(text, actions)) + number(len(shapes)) + b"".join(shapes)
    out += write_ids(table) + number(len(people)) + b"".join(people)
    out += b"".join(b"\0" + b"".join(map(number, column)) for column in columns)
    for entity, known in names.items():
        for name in known:
            values = [c["fields"][name] for c in changes if c["entity"] == entity and name in c["fields"]]
            length = len(values) - 1
            out += bytes([13 | min(length, 15) << 4]) + (number(length - 15) if length >= 15 else b"")
            out += b"".join(write_plain(value, place) for value in values)
    return out


def write_ids(table):
    groups = {}
    for id in map(uuid.UUID, table):
        groups.setdefault(id.bytes[6:12], []).append(id)
    out = number(len(groups)) + b"".join(middle + number(len(ids)) for middle, ids in groups.items())
    before = 0
    for id in map(uuid.UUID, table):
        out, before = out + step(id.int >> 80, before), id.int >> 80
    for ids in groups.values():
        lasts = [id.int & 0xFFFFFFFF for id in ids]
        out += struct.pack(">I", lasts[0]) + b"".join(step(b, a) for a, b in zip(lasts, lasts[1:]))
    return out


def write_plain(value, place):
    if value is None or isinstance(value, bool):
        return bytes([{None: 0, False: 1, True: 2}[value]])
    if isinstance(value, str):
        return b"\x09" + number(place[value]) if value in place else b"\x03" + text(value)
    if isinstance(value, int):
        return b"\x05" + number(value) if value >> 63 > 0 else b"\x04" + step(value)
    if isinstance(value, float):
        return b"\x06" + struct.pack(">d", value)
    if isinstance(value, list):
        return b"\x07" + number(len(value)) + b"".join(write_plain(one, place) for one in value)
    members = (text(name) + write_plain(one, place) for name, one in value.items())
    return b"\x08" + number(len(value)) + b"".join(members)
