"""What the description cannot say, so that made-up requests get past the door: devices that sign or show a token, an
operator who is signed in, forms that come from our own page. What is inside stays made up.

Told by the environment: PROVINCE (the program), DATA (its folder), URL, DICTIONARY (of the wire), GOLDEN (a request's
frame), COUNTS (a file that gets how often each status was answered).
"""

import atexit
import collections
import hashlib
import http.client
import json
import os
import random
import re
import struct
import subprocess
import urllib.parse
import uuid

import schemathesis
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import strategies as st

FRAME = "application/vnd.jitasa.frame"
OFFICE = "450905"
URL = urllib.parse.urlsplit(os.environ["URL"])
DICTIONARY = zstandard.ZstdCompressionDict(open(os.environ["DICTIONARY"], "rb").read())
REQUEST, ANSWER, ASK, GRANT = 1, 2, 3, 4


def province(*arguments):
    command = [os.environ["PROVINCE"], "--data", os.environ["DATA"], *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def number(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def piece(data):
    return number(len(data)) + data


def seal(kind, payload, key):
    signed = b"jitasa desk sync 2\0" + bytes([kind]) + hashlib.sha256(payload).digest()
    return b"JTSA" + bytes([2, kind, 0]) + number(len(payload)) + key.sign(signed) + payload


def unseal(frame):
    length, at = read_number(frame, 7)
    payload = frame[at + 64 :]
    if frame[6] == 1:
        payload = zstandard.ZstdDecompressor().decompress(payload, max_output_size=length)
    if frame[6] == 2:
        payload = zstandard.ZstdDecompressor(dict_data=DICTIONARY).decompress(payload, max_output_size=length)
    return payload


def pieces(payload):
    at, found = 0, []
    while at < len(payload):
        length, at = read_number(payload, at)
        found.append(payload[at : at + length])
        at += length
    return found


def call(method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(URL.hostname, URL.port, timeout=60)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read()


class Device:
    """Of protocol 2."""

    def __init__(self, seed, *terms):
        self.key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed).digest())
        self.id = str(uuid.UUID(bytes=hashlib.sha256(seed).digest()[:16], version=4))
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
        self.ask = {
            "protocol": 2,
            "program": "schemathesis",
            "code": province("enrol", "--office", OFFICE, *terms),
            "device_id": self.id,
            "device_name": "made up",
            "office_code": OFFICE,
            "public_key": public,
            "claimed_at": 0,
        }
        frame = seal(ASK, piece(json.dumps(self.ask).encode()), self.key)
        status, _, answer = call("POST", "/v2/enrol", frame, {"Content-Type": FRAME})
        assert status == 200, answer
        self.grant = json.loads(pieces(unseal(answer))[0])
        self.cursor = 0


class Token:
    """Of protocol 1."""

    def __init__(self):
        self.id = str(uuid.uuid4())
        body = {
            "protocol": 1,
            "code": province("enrol", "--office", OFFICE),
            "device_id": self.id,
            "device_name": "made up",
            "office_code": OFFICE,
        }
        status, _, answer = call("POST", "/v1/enrol", json.dumps(body), {"Content-Type": "application/json"})
        assert status == 200, answer
        self.token = json.loads(answer)["device_token"]
        self.acked = self.cursor = 0


class Operator:
    origin = f"{URL.scheme}://{URL.netloc}"

    def __init__(self):
        link = re.search(r"link=([^\s&]+)", province("operator", "--who", "schemathesis")).group(1)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
        status, answered, _ = call("POST", "/operator/sign-in", f"link={link}", headers)
        assert status == 303, status
        self.cookie = answered["set-cookie"].split(";")[0].split("=", 1)[1]
        _, _, page = call("GET", "/operator", headers={"Cookie": f"jitasa_operator={self.cookie}"})
        self.csrf = re.search(r'name="csrf" value="([^"]+)"', page.decode()).group(1)


DEVICE, OLD, OPERATOR = Device(os.urandom(32)), Token(), Operator()
WAITING = [Device(os.urandom(32), "--compare").id for _ in range(8)]
SECTION = pieces(unseal(open(os.environ["GOLDEN"], "rb").read()))[1]
ANSWERED = collections.Counter()

CHANGE = json.loads(call("GET", "/openapi.json")[2])["components"]["schemas"]["Change"]["properties"]
# Those that the server knows; without a list in the description, those that matter most.
WORDS = {
    "entity": CHANGE["entity"].get("enum", ["case", "person", "need", "assignment", "area", "kind", "volunteer"]),
    "action": CHANGE["action"].get("enum", ["case_create", "case_edit", "case_refer", "need_move", "village_save", "undo"]),
    "actor_role": CHANGE["actor_role"].get("enum", ["clerk", "supervisor", "headman"]),
}
NAMES = "note lat lon area_code referred_to void_reason state people_count urgency number review_state list flags".split()
VALUES = [None, True, 0, -1, 2**63, 1e308, "", "\0", "450905", "450909", "x" * 9000, [], [[]], {}, {"a": {}}, "open"]

# What a frame is made of is drawn from these bytes, so that a case is the same when it is run again.
schemathesis.openapi.media_type(FRAME, st.binary(max_size=64))


def a_request(chance):
    head = {
        "protocol": chance.choice([2] * 20 + [0, 1, 3]),
        "program": chance.choice(["schemathesis", "", "x" * 64, "จิตอาสา"]),
        "server_id": DEVICE.grant["server_id"],
        "office_code": chance.choice([OFFICE] * 20 + ["", "4509", "450909"]),
        "device_id": DEVICE.id,
        "acked": chance.choice([0] * 20 + [1, 2**63, 2**64 - 1]),
        "link": chance.choice(["00" * 32] * 20 + ["ff" * 32, "x"]),
        "cursor": chance.choice([DEVICE.cursor] * 8 + [0, 0, 2**63, 2**64 - 1]),
        "epoch": chance.choice([DEVICE.grant["epoch"]] * 20 + [str(uuid.uuid4())]),
        "limit": chance.choice([0, 1, 2, 500, 5000, 2**32 - 1]),
        "waiting": chance.choice([0, 2**64 - 1]),
        "claimed_at": chance.choice([0, -(2**63), 2**63 - 1]),
        "fields": chance.choice([0, 2**64 - 1]),
        "want_sums": chance.random() < 0.2,
    }
    if chance.random() < 0.2:
        owner = chance.choice([OFFICE, "4509", "", "\0", "๔๕"])
        head["repair"] = {"owner": owner, "after": chance.choice([0, 1, 2**63, 2**64 - 1])}
    section = b""
    # Another past makes the device one that is believed no more, so it is never told with a body that holds.
    if chance.random() < 0.3:
        section = bytearray(SECTION)
        for _ in range(chance.randint(1, 4)):
            section[chance.randrange(len(section))] = chance.randrange(256)
        head["batch"] = {
            "batch_id": str(uuid.uuid4()),
            "first_seq": chance.choice([0, 1, 2**63, 2**64 - 1]),
            "count": chance.choice([0, 1, 3, 2000, 2001, 2**32 - 1]),
            "previous": "00" * 32,
            "link": "00" * 32,
            "body": hashlib.sha256(section).hexdigest(),
            "base_cap": chance.choice([None, 0, 2**64 - 1]),
        }
    return REQUEST, head, bytes(section)


def an_ask(chance):
    head = dict(DEVICE.ask)
    head["code"] = chance.choice([None, "", "0000000000", "\0", "ก" * 70, head["code"]])
    head["token"] = chance.choice([None, None, OLD.token[:-1], ""])
    head["device_id"] = chance.choice([DEVICE.id, str(uuid.UUID(int=0)), str(uuid.uuid4()), "x"])
    head["office_code"] = chance.choice([OFFICE, "", "๔๕", "4" * 17, "\0", "450909"])
    head["device_name"] = chance.choice(["", "made up", "x" * 121, "\0"])
    return ASK, head, None


def a_frame(made_of, what):
    chance = random.Random(made_of)
    kind, head, section = what(chance)
    payload = piece(json.dumps(head).encode())
    if section is not None:
        payload += piece(section)
    if chance.random() < 0.05:
        payload += b"\0"
    key = DEVICE.key if chance.random() < 0.9 else Ed25519PrivateKey.generate()
    frame = bytearray(seal(kind, payload, key))
    if chance.random() < 0.1:
        frame[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
    return bytes(frame)


def a_change(chance):
    """Of some record that may be there, with values that may be right."""
    entity = chance.choice(WORDS["entity"])
    record = str(uuid.UUID(int=chance.randint(1, 40)))
    fields = {name: chance.choice(VALUES) for name in chance.sample(NAMES, chance.randint(0, 5))}
    if chance.random() < 0.5:
        fields.update(id=record, office_code=OFFICE, case_id=str(uuid.UUID(int=chance.randint(1, 40))))
        fields.update(code=chance.choice(["45090501", "450905", "boat"]), state=chance.choice(["reported", "proposed"]))
    return {
        "act_id": str(uuid.UUID(int=chance.randint(1, 9))),
        "action": chance.choice(WORDS["action"]),
        "entity": entity,
        "entity_id": record,
        "base_version": chance.choice([0, 1, 2**63, 2**64 - 1]),
        "fields": fields,
        "actor_id": str(uuid.UUID(int=7)),
        "actor_name": chance.choice(["made up", "", "\0", "x" * 9000]),
        "actor_role": chance.choice(WORDS["actor_role"]),
        "claimed_at": chance.choice([0, -(2**63), 2**63 - 1]),
    }


def a_sync(case):
    """A device that is known, whose changes count on from what is held; all else is made up."""
    body = case.body
    if not isinstance(body, dict):
        return
    body.update(protocol=1, device_id=OLD.id, office_code=OFFICE)
    if not isinstance(body.get("cursor"), int) or body["cursor"] > OLD.cursor:
        body["cursor"] = OLD.cursor
    chance = random.Random(repr(body))
    if chance.random() < 0.8:
        changes = [a_change(chance) for _ in range(chance.randint(1, 5))]
        body["batch"] = {"batch_id": OLD.id, "changes": changes}
    batch = body.get("batch")
    if not isinstance(batch, dict) or not isinstance(batch.get("changes"), list):
        return
    for place, change in enumerate(batch["changes"]):
        if isinstance(change, dict):
            change["device_seq"] = OLD.acked + 1 + place
            change["change_id"] = str(uuid.uuid4())
            if isinstance(change.get("fields"), dict) and place % 2 == 0:
                change["fields"].update(id=change.get("entity_id"), office_code=OFFICE)


FORMS = {
    "/operator/sign-in": {"link": ["", "0", "x" * 9000, "\0"]},
    "/operator/enrol": {
        "office": [OFFICE, "", "4509", "999999", "๔๕", "\0"],
        "devices": ["1", "20", "21", "0", "-1", "x", "99999999999999999999"],
        "form": ["a", "", "\0"],
        "compare": ["yes", ""],
    },
    "/operator/confirm": {"device": [*WAITING, "", "x", str(uuid.UUID(int=0))], "heard": ["yes", "yes", ""]},
    "/operator/revoke": {
        "device": [*WAITING, "", "x", str(uuid.UUID(int=0))],
        "how": ["lost", "retired", "", "x"],
        "reason": ["หาย", "", "x" * 501, "\0"],
    },
}


@schemathesis.hook
def before_call(context, case, **kwargs):
    path = case.operation.path
    case.headers = dict(case.headers or {})
    if path == "/v2/sync" and isinstance(case.body, bytes) and len(case.body) % 8:
        case.body = a_frame(case.body, a_request)
    elif path == "/v2/enrol" and isinstance(case.body, bytes) and len(case.body) % 8:
        case.body = a_frame(case.body, an_ask)
    elif path == "/v1/sync":
        case.headers["Authorization"] = f"Bearer {OLD.token}"
        a_sync(case)
    elif path.startswith("/operator") or path == "/metrics":
        case.headers["Origin"] = Operator.origin
        case.cookies = {"jitasa_operator": OPERATOR.cookie}
        # Who signs out is the last to do so.
        if isinstance(case.body, dict) and path != "/operator/sign-out":
            case.body["csrf"] = OPERATOR.csrf
            chance = random.Random(repr(sorted(map(str, case.body))))
            for name, values in FORMS.get(path, {}).items():
                if chance.random() < 0.9:
                    case.body[name] = chance.choice(values)


@schemathesis.hook
def after_call(context, case, response):
    path = case.operation.path
    ANSWERED[f"{case.operation.method.upper()} {path} {response.status_code}"] += 1
    if response.status_code != 200:
        return
    if path == "/v1/sync":
        answer = json.loads(response.content)
        OLD.acked, OLD.cursor = answer["acked"], max(OLD.cursor, answer["cursor"])
        for outcome in answer["outcomes"]:
            ANSWERED[f"  {outcome['verdict']} {outcome.get('reason') or ''}".rstrip()] += 1
    if path == "/v2/sync":
        head = json.loads(pieces(unseal(response.content))[0])
        ANSWERED[f"  in it: {(head.get('problem') or {}).get('code', 'answered')}"] += 1
        if not head.get("problem"):
            DEVICE.cursor = max(DEVICE.cursor, head["cursor"])


@atexit.register
def tell():
    with open(os.environ["COUNTS"], "w") as out:
        json.dump(dict(sorted(ANSWERED.items())), out, indent=1)
