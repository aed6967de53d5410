#!/usr/bin/env python3
"""Sends envelopes through one service after the other, and compares every field with the original.

usage: relay.py FILE... -- COMMAND COMMAND...

A FILE holds envelopes, [{"name", "envelope"}], or is a case file: of that the envelopes that a step expects to be accepted.
Each COMMAND starts an adapter, as for a stdio: target. The first one gets the envelope, each other what the one before it
answered; then the second begins, and so on, so that each is once the first to read the original.

Prints a line for each envelope and beginning; of a difference which one made it, the path, and both values. Exits with 1 then, with 2
when there is nothing to send or a command does not answer.
"""

import json
import re
import signal
import subprocess
import sys
from datetime import datetime

ANSWER_SECONDS = 20
FIELDS = set("""envelope_id request_id user_id session_id raw_input received_at outputs current_stage stage_order iteration
    max_iterations active_stages completed_stage_set failed_stages dag_mode llm_call_count max_llm_calls agent_hop_count
    max_agent_hops terminal_reason terminated termination_reason interrupt_pending interrupt completed_stages
    current_stage_number max_stages all_goals remaining_goals goal_completion_status prior_plans critic_feedback
    processing_history errors created_at completed_at metadata""".split())
TIMES = {"received_at", "created_at", "completed_at"}
NULLABLE = TIMES | {"terminal_reason", "termination_reason", "interrupt"}
LEGACY = {"clarification_pending", "confirmation_pending"}
NOTHING = object()
GENERATOR = re.compile(r'"\$|\{run\}')


class Stop:
    """One service of the relay."""

    def __init__(self, command):
        self.child = subprocess.Popen(command, shell=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.command = command
        self.count = 0
        hello = self.ask("hello", {"protocol": 1, "nonce": "relay"})
        if hello.get("nonce") != "relay" or "envelope" not in hello.get("capabilities", []):
            raise Unanswered(f"{command}: it does not declare `envelope`")
        self.name = hello["language"]

    def ask(self, method, params):
        self.count += 1
        request = {"jsonrpc": "2.0", "id": self.count, "method": method, "params": params}
        signal.alarm(ANSWER_SECONDS)
        try:
            self.child.stdin.write(json.dumps(request).encode() + b"\n")
            self.child.stdin.flush()
            answer = json.loads(self.child.stdout.readline() or "null")
        except (BrokenPipeError, TimeoutError, ValueError) as why:
            answer = {"error": str(why)}
        signal.alarm(0)
        if not answer or "result" not in answer:
            raise Unanswered(f"{self.command}: {method} was answered {json.dumps(answer)[:300]}")
        return answer["result"]

    def end(self):
        self.child.stdin.close()
        try:
            self.child.wait(ANSWER_SECONDS)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


class Unanswered(Exception):
    pass


def give_up(*_):
    raise TimeoutError(f"no answer within {ANSWER_SECONDS} s")


def difference(wanted, got, path=""):
    """The first path at which two values differ, with both; None when they are equal. Integers are compared exactly."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted(wanted.keys() | got.keys()):
            if key not in wanted or key not in got:
                return f"{path}/{key}", wanted.get(key, NOTHING), got.get(key, NOTHING)
            if found := difference(wanted[key], got[key], f"{path}/{key}"):
                return found
        return None
    if isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        return next(filter(None, (difference(*pair, f"{path}/{i}") for i, pair in enumerate(zip(wanted, got)))), None)
    same = wanted == got and isinstance(wanted, bool) == isinstance(got, bool)
    return None if same else (path, wanted, got)


def shown(value):
    return "nothing" if value is NOTHING else json.dumps(value, default=str)[:200]


def expected(sent, answer):
    """What must have become of an envelope: each field as it was sent, and those that were not as the service chose."""
    chosen = {name: answer.get(name) for name in FIELDS}
    absent = {name for name, value in sent.items() if value is None and name in FIELDS - NULLABLE}
    return chosen | {name: value for name, value in sent.items() if name not in LEGACY | absent}


def as_moments(envelope):
    """With its times as moments, which are equal however they are written; what is finer than a microsecond is cut off."""
    def moment(text):
        date, fraction, zone = re.fullmatch(r"(.{19})(?:\.(\d+))?(.+)", text).groups()
        return datetime.fromisoformat(f"{date}.{fraction or '':0<6.6}{zone}".upper().replace("Z", "+00:00"))
    return {name: moment(value) if name in TIMES and value else value for name, value in envelope.items()}


def run(stops, name, envelope):
    """Sends one envelope through the stops. Gives what to say of it, and whether all was well."""
    sent = envelope
    for number, stop in enumerate(stops, 1):
        try:
            answer = stop.ask("envelope.roundtrip", {"envelope": sent})["envelope"]
        except Unanswered as why:
            return f"{name}: stop {number}, {stop.name}: {why}", False
        found = difference(as_moments(expected(sent, answer)), as_moments(answer))
        if found:
            path, wanted, got = found
            return (f"{name}: stop {number}, {stop.name}, changed {path}: expected {shown(wanted)}, got {shown(got)}"), False
        sent = answer
    return f"{name}: {len(sent)} fields, {' -> '.join(stop.name for stop in stops)}", True


def read(path):
    """The envelopes of a file, by name."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    if isinstance(content, list):
        return {entry["name"]: entry["envelope"] for entry in content}
    steps = ((f"{case['id']}.{i}", step) for case in content["cases"] if "rows" not in case for i, step in enumerate(case["steps"]))
    return {name: step["args"]["envelope"] for name, step in steps
            if step.get("op") == "envelope.roundtrip" and "refused" not in step and "envelope" in step.get("args", {})
            and not GENERATOR.search(json.dumps(step["args"]))}


def main(arguments):
    if "--" not in arguments:
        print(__doc__, file=sys.stderr)
        return 2
    files, commands = arguments[:arguments.index("--")], arguments[arguments.index("--") + 1:]
    envelopes = {name: envelope for file in files for name, envelope in read(file).items()}
    if not envelopes or len(commands) < 2:
        print("relay: there is nothing to send, or nobody to send it to", file=sys.stderr)
        return 2
    signal.signal(signal.SIGALRM, give_up)
    stops = []
    try:
        stops += [Stop(command) for command in commands]
        results = [run(stops[i:] + stops[:i], name, envelope) for i in range(len(stops)) for name, envelope in envelopes.items()]
    except Unanswered as why:
        print(f"relay: {why}", file=sys.stderr)
        return 2
    finally:
        for stop in stops:
            stop.end()
    for said, well in results:
        print("ok    " if well else "LOST  ", said)
    lost = sum(not well for _, well in results)
    print(f"{len(envelopes)} envelopes, {len(stops)} stops, {len(results)} relays = {len(results) - lost} whole + {lost} lost")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
