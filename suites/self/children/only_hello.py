import json, sys

for line in sys.stdin:
    request = json.loads(line)
    if request["method"] == "hello":
        result = {"protocol": 1, "nonce": request["params"]["nonce"], "name": "only hello", "version": "0",
                  "language": "Python", "capabilities": ["create", "gett"]}
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
