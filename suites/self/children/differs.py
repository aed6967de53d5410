"""The reference over stdio, with one thing said in another way. usage: differs.py HOLDPOINT allowed|forbidden

allowed: what the contract leaves free: members of its own, and instants with another offset. forbidden: a refusal for
another field. No case asks for either."""
import json
import subprocess
import sys

CREATED = "created_at"


def allowed(answer):
    interrupt = (answer.get("result") or {}).get("interrupt")
    if interrupt:
        interrupt["updated_at"] = interrupt[CREATED]
        interrupt[CREATED] = interrupt[CREATED].replace("Z", "+00:00")


def forbidden(answer):
    data = answer.get("error", {}).get("data", {})
    if data.get("name") == "not_found":
        data["field"] = "/id"


holdpoint, way = sys.argv[1:3]
child = subprocess.Popen([holdpoint, "adapter", "memory"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for line in sys.stdin:
    child.stdin.write(line)
    child.stdin.flush()
    answer = json.loads(child.stdout.readline())
    {"allowed": allowed, "forbidden": forbidden}[way](answer)
    print(json.dumps(answer), flush=True)
child.stdin.close()
child.wait()
