"""Tries mutants: which tests meet one, in which order, and what became of it; remembers all of it in the build folder."""

import json
import math
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from mutators import Mutant
from workshop import CONFORMANCE, PATIENCE_SECONDS, digest


def named_tests(twins):
    """{source: its test} of the table in scripts/twins, for those that bear another name."""
    table = twins.split("\ntwins='")[1].split("\n'")[0]
    rows = [line.split()[:2] for line in table.splitlines() if line.strip()]
    return {source: test[:-2] for source, test in rows}


class Memory:
    """Lines of JSON, the last of a name counts: an interrupted run goes on where it was."""

    def __init__(self, path):
        self.path, self.known, self.lock = path, {}, threading.Lock()
        if os.path.exists(path):
            with open(path) as file:
                for line in file:
                    if line.endswith("\n"):
                        name, value = json.loads(line)
                        self.known[name] = value

    def put(self, name, value):
        with self.lock, open(self.path, "a") as file:
            file.write(json.dumps([name, value]) + "\n")
            self.known[name] = value


class Trial:
    """The plain workshop kills most mutants quickly; what survives there goes through the one with sanitizers, if it is given."""

    def __init__(self, workshop, sanitized, sources, twins):
        self.workshop, self.sanitized, self.sources, self.twins = workshop, sanitized, sources, twins
        self.memory = Memory(f"{workshop.build}/memory.jsonl")
        self.kills = Counter()  # (file, test): such a test goes first
        self.coverage = {}
        self.sound = set()  # tests that pass with the sanitizers
        self.code_lines = {}  # {file: lines that have code of their own}; a line without belongs to the one above

    def measure(self):
        """Learns which lines each test executes; only of tests that are new or changed."""
        workshop, prepared = self.workshop, False
        for test in workshop.tests:
            name = f"cover {test} {workshop.keys[test]}"
            if name not in self.memory.known:
                if not prepared:
                    workshop.prepare_coverage()
                    prepared = True
                self.memory.put(name, workshop.cover(test))
            known = self.memory.known[name]
            executed = {path: {int(line) for line in lines if lines[line]} for path, lines in known["lines"].items()}
            self.coverage[test] = {"seconds": known["seconds"], "lines": executed}
            for path, lines in known["lines"].items():
                self.code_lines.setdefault(path, set()).update(map(int, lines))

    def tests_for(self, mutant: Mutant):
        """The tests that execute the mutant's line, the likeliest killer first."""
        path = mutant.path
        line = mutant.line
        if mutant.function:
            line = max((one for one in self.code_lines.get(path, ()) if one <= line), default=line)
        tests = [
            test for test, known in self.coverage.items()
            if (line in known["lines"].get(path, ()) if mutant.function else known["lines"].get(path))
        ]  # fmt: skip
        return sorted(tests, key=lambda test: (-self.promise(path, test), test))

    def promise(self, path, test):
        """Kills to be hoped for in a second of this test, judged by those so far; the file's twin and the cases have a start."""
        twin = self.twins.get(path, "test_" + os.path.basename(path)[:-2])
        expected = self.kills[path, test] + (5 if test in (CONFORMANCE, twin) else 1)
        return expected / (0.1 + self.coverage[test]["seconds"])

    def name_of(self, mutant):
        return "mutant " + digest(mutant.path, self.sources[mutant.path], mutant.start, mutant.end, mutant.text, mutant.change)

    def key_of(self, tests):
        return digest(*(self.workshop.keys[test] for test in sorted(tests)))

    def remembered(self, mutant, tests):
        """What became of the mutant earlier, when nothing has changed that it depends on."""
        known = self.memory.known.get(self.name_of(mutant))
        if known and known["status"] == "killed" and known["key"] != self.workshop.keys.get(known["by"]):
            return None
        if known and known["status"] in ("survived", "unreached") and known["key"] != self.key_of(tests):
            return None
        return known

    def judge(self, mutant):
        tests = self.tests_for(mutant)
        known = self.remembered(mutant, tests)
        folder = self.workshop.my_place()
        tried = known or self.try_plain(mutant, tests, folder)
        if self.sanitized and tried["status"] == "survived" and not tried["sanitized"]:
            tried = self.try_sanitized(mutant, tests, folder)
        if tried is not known:
            self.memory.put(self.name_of(mutant), tried)
        if tried["status"] == "killed":
            self.kills[mutant.path, tried["by"]] += 1
        return tried

    def try_plain(self, mutant, tests, folder):
        text = self.sources[mutant.path]
        changed = mutant.apply(text)
        if not self.workshop.build_mutant(mutant.path, changed, folder):
            return {"status": "no C"}
        killed = self.run_tests(self.workshop, tests, folder)
        if killed:
            return killed
        if self.workshop.same_code(mutant.path, text, changed, folder):
            return {"status": "same code"}
        return {"status": "survived" if tests else "unreached", "key": self.key_of(tests), "sanitized": False}

    def try_sanitized(self, mutant, tests, folder):
        self.sanitized.build_mutant(mutant.path, mutant.apply(self.sources[mutant.path]), folder)
        killed = self.run_tests(self.sanitized, tests, folder)
        if killed:
            self.check_sound(killed["by"])
        return killed or {"status": "survived", "key": self.key_of(tests), "sanitized": True}

    def check_sound(self, test):
        """A test that fails with the sanitizers and without any mutant kills nothing."""
        if test not in self.sound:
            self.sanitized.check_passes(test, self.sanitized.my_place())
            self.sound.add(test)

    def run_tests(self, workshop, tests, folder):
        slower = 4 if workshop is self.workshop else 20
        for test in tests:
            limit_seconds = PATIENCE_SECONDS + math.ceil(slower * self.coverage[test]["seconds"])
            ended = workshop.run(test, folder, limit_seconds)
            if ended != 0:
                return {"status": "killed", "by": test, "ended": ended, "key": self.workshop.keys[test]}
        return None

    def judge_all(self, mutants, say):
        """All results in the order of the mutants."""
        began, done = time.monotonic(), Counter()

        def one(mutant):
            result = self.judge(mutant)
            done[result["status"]] += 1
            count = sum(done.values())
            if count % 100 == 0 or count == len(mutants):
                say(f"{count} of {len(mutants)} after {time.monotonic() - began:.0f} s: {done['killed']} killed")
            return result

        with ThreadPoolExecutor(self.workshop.jobs) as pool:
            return list(zip(mutants, pool.map(one, mutants)))
