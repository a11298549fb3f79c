"""A desk by another team, which shares no line with ours: written from docs/sync-protocol.md, docs/data-dictionary.md
and the files they name alone. tests/tests/server/other_client.rs lets both be desks of one office.

Reads commands from standard input, one a line, as a JSON array: the name of a method of `Desk`, then its arguments.
Answers each with a line of JSON: what the method returned, or {"refused": why}.
"""

import functools
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

from nacl.signing import SigningKey

from sync_wire import (
    ANSWER, ANSWER_BYTES_MAX, ENROL_ASK, ENROL_GRANT, MASK, REQUEST, WIRE,
    Refused, checked, compact, join, pack, read_columns, unpack, write_columns,
)  # fmt: skip

DOCS = WIRE.parents[2] / "docs"
RECORDS = json.loads((DOCS / "records.json").read_text())
KNOWN = {record["entity"]: record["fields"] for record in RECORDS["records"]}
# No redirect is followed, and no proxy that the environment names is asked.
HTTP = urllib.request.build_opener(urllib.request.ProxyHandler({}))
HTTP.handlers = [h for h in HTTP.handlers if not isinstance(h, urllib.request.HTTPRedirectHandler)]


def now():
    return time.time_ns() // 1_000_000


def uuid7():
    """Time first, so that ids of one hour lie together."""
    bits = now() << 80 | 7 << 76 | int.from_bytes(os.urandom(10)) & ~(15 << 76)
    return str(uuid.UUID(int=bits & ~(3 << 62) | 2 << 62))


def chained(link, change):
    return hashlib.sha256(link + compact(change, ordered=True)).digest()


# The checksum of a scope.


def fnv(start, data):
    for byte in data + b"\xff":
        start = (start ^ byte) * 0x100000001B3 & MASK
    return start


def mix(value):
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def record_sum(entity, id, fields):
    start = fnv(fnv(0xCBF29CE484222325, entity.encode()), uuid.UUID(id).bytes)
    total = mix(start)
    for field in KNOWN[entity]:
        name, value = field["name"], fields.get(field["name"])
        if name == "id" or value is None or value == field["default"]:
            continue
        whole = isinstance(value, float) and value.is_integer()
        total += mix(fnv(fnv(start, name.encode()), compact(int(value) if whole else value)))
    return total & MASK


class Desk:
    def __init__(self):
        self.key, self.device = SigningKey.generate(), uuid7()
        self.actor = {"actor_id": uuid7(), "actor_name": "นางสาวอีกทีม สมมุติ", "actor_role": "clerk"}
        # As the server has them, so far as it was heard: (entity, id) to fields, and to the seq last delivered.
        self.records, self.versions = {}, {}
        # Every change ever written and the chain after each; those whose outcome has not come.
        self.written, self.links, self.waiting = [], [bytes(32)], []
        self.cursor = 0
        self.conflicts, self.held, self.sent, self.came = [], [], None, None

    # Enrolment.

    def enrol(self, url, code, office):
        self.url, self.office = url, office
        ask = {"protocol": 2, "program": "other-desk 1.0", "code": code, "device_id": self.device}
        ask |= {"device_name": "เครื่องของอีกทีม", "office_code": office, "claimed_at": now()}
        ask["public_key"] = bytes(self.key.verify_key).hex()
        answer = self.post("/v2/enrol", pack(ENROL_ASK, join(compact(ask)), self.key))
        grant = json.loads(checked(answer, ENROL_GRANT)[0])
        if grant["device_id"] != self.device or grant["office_code"] != office:
            raise Refused("the grant is another's")
        self.grant = grant
        return {"province": grant["province_code"], "confirmed": grant["confirmed"]}

    # What the office does.

    def case(self, number, note):
        """A new case with its person and a need, as one act. Tells the case's id."""
        case, person, act, at = uuid7(), uuid7(), uuid7(), now()
        common = {"created_at": at}
        self.write(act, "case_create", "case", case, {
            "id": case, "number": number, "office_code": self.office, "person_id": person, "channel": "phone",
            "reported_at": at, "area_code": self.office + "05", "house_no": "12/3", "lat": 16.3012, "lon": 104.0,
            "accuracy_m": 30, "place_source": "pin", "people_count": 4, "vulnerable": ["elderly"],
            "urgency": "urgent", "note": note, "created_by": self.actor["actor_id"],
        } | common)  # fmt: skip
        self.write(act, "case_create", "person", person, {
            "id": person, "case_id": case, "office_code": self.office, "title": "นาง", "given_name": "สมมุติ",
            "family_name": "ทดสอบ", "phone": "0800123456",
        } | common)  # fmt: skip
        need = uuid7()
        self.write(act, "case_create", "need", need, {
            "id": need, "case_id": case, "kind": "food_water", "detail": "ข้าวสาร", "state": "reported", "state_since": at,
        } | common)  # fmt: skip
        return case

    def edit(self, case, field, value):
        self.write(uuid7(), "case_edit", "case", case, {field: value})

    def write(self, act, action, entity, id, fields):
        under = [c for c in self.waiting if c["entity_id"] == id and c["fields"].keys() & fields.keys()]
        # What lies hidden under a waiting change was not seen.
        base = min([c["base_version"] for c in under], default=self.versions.get((entity, id), 0))
        change = {"change_id": uuid7(), "act_id": act, "action": action, "entity": entity, "entity_id": id}
        change |= {"base_version": base, "fields": fields, "device_seq": len(self.links), "claimed_at": now()}
        change |= self.actor
        self.links.append(chained(self.links[-1], change))
        self.written.append(change)
        self.waiting.append(change)

    def shown(self):
        """Records as the office sees them: what waits lies on top."""
        shown = {key: dict(fields) for key, fields in self.records.items()}
        for change in self.waiting:
            shown.setdefault((change["entity"], change["entity_id"]), {}).update(change["fields"])
        return [[entity, id, fields] for (entity, id), fields in sorted(shown.items())]

    # One exchange.

    def request(self, limit=500, left_out=0, **asked):
        told = self.waiting[0]["device_seq"] - 1 if self.waiting else len(self.written)
        first = told + 1 + left_out
        changes = self.written[first - 1 :][:32]
        head = {"protocol": 2, "program": "other-desk 1.0", "server_id": self.grant["server_id"]}
        head |= {"office_code": self.office, "device_id": self.device, "epoch": self.grant["epoch"]}
        head |= {"acked": told, "link": self.links[told].hex(), "cursor": self.cursor, "limit": limit}
        head |= {"waiting": len(self.waiting), "claimed_at": now(), "fields": RECORDS["fields"]} | asked
        section = write_columns(changes) if changes else b""
        if changes:
            head["batch"] = {
                "batch_id": uuid7(), "first_seq": first, "count": len(changes),
                "previous": self.links[first - 1].hex(), "link": self.links[first - 1 + len(changes)].hex(), "body": hashlib.sha256(section).hexdigest(),
            }  # fmt: skip
        self.sent = pack(REQUEST, join(compact(head), section), self.key)
        return self.sent

    def post(self, path, frame):
        kind = {"Content-Type": "application/vnd.jitasa.frame"}
        try:
            answer = HTTP.open(urllib.request.Request(self.url + path, frame, kind), timeout=30)
        except urllib.error.HTTPError as refusal:
            raise Refused(f"{refusal.code} {refusal.read().decode()}") from refusal
        return answer.read(ANSWER_BYTES_MAX)

    def opened(self, answer, request):
        """The parts of an answer that the server signed, for this device and to this request."""
        head, outcomes, delivered = checked(answer, ANSWER, self.grant["server_key"])
        head = json.loads(head)
        expected = self.device, hashlib.sha256(unpack(request)[1]).hexdigest()
        if (head["to_device"], head["in_reply_to"]) != expected:
            raise Refused("an answer to somebody or something else")
        return head, json.loads(outcomes or b"[]"), read_columns(delivered)

    def exchange(self, frame):
        """Sends, checks the answer and absorbs it. Tells its head; the whole answer stays in `came`."""
        self.came = self.post("/v2/sync", frame)
        return self.absorb(*self.opened(self.came, frame))

    def absorb(self, head, outcomes, delivered):
        if "problem" in head:
            return head
        waiting = {change["change_id"]: change for change in self.waiting}
        # An outcome for a change that is done is passed over. Under the same seq one's own comes first.
        mine = [(o, waiting.pop(o["change_id"])) for o in outcomes if o["change_id"] in waiting]
        steps = [(o["seq"], 0, o, change) for o, change in mine if o["seq"] is not None]
        steps += [(row["seq"], 1, row, None) for row in delivered]
        for _, _, what, change in sorted(steps, key=lambda one: one[:2]):
            self.take_outcome(what, change) if change else self.take_delivery(what)
        self.held += [o["reason"] for o, _ in mine if o["verdict"] == "held"]
        self.conflicts += [
            {"field": field, "mine": change["fields"][field], "theirs": value, "by": o["theirs_by"][field]["actor_name"]}
            for o, change in mine if o["verdict"] == "conflict" for field, value in o["theirs"].items()
        ]  # fmt: skip
        self.waiting = [change for change in self.waiting if change["change_id"] in waiting]
        self.cursor = head["cursor"]
        return head

    def take_outcome(self, outcome, change):
        """What of an own change was applied. The value that stands in its conflicts is delivered like any other."""
        fields = {field: value for field, value in change["fields"].items() if field not in outcome["theirs"]}
        fields |= outcome.get("since", {})
        self.records.setdefault((change["entity"], change["entity_id"]), {}).update(fields)

    def take_delivery(self, row):
        key = row["entity"], row["entity_id"]
        if row["left"]:
            self.records.pop(key, None)
            return
        if row["whole"]:
            self.records[key] = {}
        self.records.setdefault(key, {}).update(row["fields"])
        self.versions[key] = row["seq"]

    def sync(self, limit=500):
        """Exchanges until nothing waits and nothing more is to be heard."""
        pages = 0
        while True:
            head = self.exchange(self.request(limit=limit))
            pages += 1
            if "problem" in head:
                raise Refused(head["problem"]["code"])
            if not head["more"] and not self.waiting:
                break
        told = {"pages": pages, "cursor": self.cursor, "sum_is_equal": head.get("sum") == self.sum()}
        told |= {"conflicts": self.conflicts, "held": self.held}
        self.conflicts, self.held = [], []
        return told

    def sum(self):
        return sum(record_sum(entity, id, fields) for (entity, id), fields in self.records.items()) & MASK

    def owner(self, key):
        """Who answers for a record: for a part of a case, who answers for the case."""
        fields = self.records[key]
        case = self.records.get(("case", fields.get("case_id")), fields)
        return fields["code"] if key[0] == "area" else case["office_code"]

    def damage(self):
        """As a bad disk would: forgets a record, alters one, and holds one that the server never had."""
        gone, altered = sorted(key for key in self.records if key[0] == "need")[:2]
        self.records[("need", uuid7())] = self.records.pop(gone)
        self.records[altered]["detail"] = "เลอะ"

    def repair(self):
        """Finds by the sums whose records are not as the server's, fetches them again and sets aside what it has not."""
        sums = {one["owner"]: one["sum"] for one in self.exchange(self.request(want_sums=True))["sums"]}
        mine = {}
        for key, fields in self.records.items():
            mine.setdefault(self.owner(key), {})[key] = record_sum(*key, fields)
        differ = [o for o in sums.keys() | mine.keys() if sums.get(o) != sum(mine.get(o, {}).values()) & MASK]
        for owner in differ:
            heard, head = set(), {"cursor": 0, "more": True}
            while head["more"]:
                frame = self.request(limit=10, repair={"owner": owner, "after": head["cursor"]})
                head, _, rows = self.opened(self.post("/v2/sync", frame), frame)
                heard |= {(row["entity"], row["entity_id"]) for row in rows}
                for row in rows:
                    self.take_delivery(row)
            for strange in mine.get(owner, {}).keys() - heard:
                del self.records[strange]
        return {"differ": differ}

    # What goes wrong on a line, and what a careful desk does about it.

    def lost(self):
        """Sends what waits and never hears the answer."""
        self.post("/v2/sync", self.request())
        return {"waiting": len(self.waiting)}

    def again(self):
        """The last request once more, byte for byte: the same outcomes, and nothing of it is new to this desk."""
        first = self.opened(self.came, self.sent)
        second = self.opened(self.post("/v2/sync", self.sent), self.sent)
        before, cursor = self.shown(), self.cursor
        self.absorb(*first)
        self.cursor = cursor
        return {"same_outcomes": first[1] == second[1], "outcomes": len(first[1]), "unchanged": before == self.shown()}

    def gap(self):
        """Sends a batch that leaves out the first change that waits, is told so and goes back."""
        problem = self.exchange(self.request(left_out=1)).get("problem", {})
        if problem.get("code") == "gap":
            self.waiting = self.written[problem["expected"] - 1 :]
            self.exchange(self.request())
        return {"problem": problem, "waiting": len(self.waiting)}

    def tampered(self):
        """Nothing that is not the server's answer to the last request is taken for it."""
        kind, payload, signature = unpack(self.came)
        forged = [
            pack(kind, payload.replace(b'"acked":', b'"Acked":', 1), signature=signature),
            pack(kind, payload + join(b"{}"), signature=signature),
            pack(kind, payload, key=SigningKey.generate()),
            pack(REQUEST, payload, signature=signature),
            self.came[:-1],
            self.came + b"\0",
            b"<html>sign in to this network</html>",
        ]
        forged += [self.came[:at] + bytes([self.came[at] ^ 1]) + self.came[at + 1 :] for at in range(len(self.came))]
        taken = [at for at, answer in enumerate(forged) if self.is_taken(answer, payload)]
        old = self.sent
        foreign = self.is_taken(self.came, None) if self.request() != old else True
        self.sent = old
        # Packed anew without the key it is still the same answer.
        return {"forged": len(forged), "taken": taken, "to_another_request": foreign,
                "packed_anew": self.is_taken(pack(kind, payload, signature=signature), None)}  # fmt: skip

    def is_taken(self, answer, payload):
        """Whether an answer passes; one that still says `payload`, differently packed, is no forgery."""
        try:
            self.opened(answer, self.sent)
        except Refused:
            return False
        return unpack(answer)[1] != payload

    # By file.

    def write_file(self, file):
        Path(file).write_bytes(self.request())
        return {"changes": len(self.waiting)}

    def take_receipt(self, file):
        self.came = Path(file).read_bytes()
        head = self.absorb(*self.opened(self.came, self.sent))
        return {"waiting": len(self.waiting), "acked": head["acked"]}

    # The golden files.

    def golden(self):
        """Reads every golden frame and writes it again: tells how many there are, and what is not as it should be."""
        wrong, files = [], sorted(WIRE.glob("*.frame"))
        for file in files:
            frame, said = file.read_bytes(), json.loads(file.with_suffix(".json").read_text())
            kind, payload, signature = unpack(frame)
            key = SigningKey(bytes([1 if kind in (REQUEST, ENROL_ASK) else 2]) * 32)
            head, *others = checked(frame, kind, bytes(key.verify_key).hex())
            rows = read_columns(others[-1]) if others else []
            # What zstd and columns make is the writer's choice: what they say is compared. All else is, byte by byte.
            same = [(compact(said.get("head", said)), head), (said.get("changes", said.get("delivered", [])), rows)]
            same += [((kind, payload, signature), unpack(pack(kind, payload, key)))]
            if kind == ANSWER:
                same.append((compact(said["outcomes"]) if said["outcomes"] else b"", others[0]))
            if kind == REQUEST and rows:
                batch = said["head"]["batch"]
                link = functools.reduce(chained, rows, bytes.fromhex(batch["previous"]))
                same += [(rows, read_columns(write_columns(rows))), (batch["link"], link.hex())]
                same.append((batch["body"], hashlib.sha256(others[0]).hexdigest()))
            wrong += [f"{file.name}: {at}" for at, (wanted, made) in enumerate(same) if wanted != made]
        return {"frames": len(files), "wrong": wrong}

    def examples(self):
        """Whether the examples that are worked out in the document are right."""
        told = (DOCS / "sync-protocol.md").read_text()
        lines = re.search(r"```hex\n(.*?)```", told, re.S)[1].splitlines()
        section = bytes.fromhex("".join(line[:51] for line in lines))
        change = json.loads(re.search(r"```json\n(\{\"act_id.*?)\n```", told)[1])
        case, found = change["entity_id"], [hashlib.sha256(section).hexdigest(), chained(bytes(32), change).hex()]
        found += [record_sum("case", case, {}), record_sum("case", case, {"lat": 16.0, "note": "น้ำลด"})]
        rows = read_columns(section) == read_columns(write_columns([change])) == [change]
        return {"rows": rows, "missing": [each for each in found if str(each) not in told]}


def main():
    desk = Desk()
    for line in sys.stdin:
        name, *given = json.loads(line)
        try:
            told = getattr(desk, name)(*given)
        except Refused as refused:
            told = {"refused": str(refused)}
        print(json.dumps(told, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
