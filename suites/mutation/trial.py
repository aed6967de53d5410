"""Tries mutants: which tests meet one, in which order, and what became of it; remembers all of it in the build folder."""

import json
import os
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from mutators import Mutant
from workshop import CONFORMANCE, Workshop, digest


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
    def __init__(self, workshop: Workshop, sources, twins):
        self.workshop, self.sources, self.twins = workshop, sources, twins
        self.memory = Memory(f"{workshop.build}/memory.jsonl")
        self.kills = Counter()  # (file, test): such a test goes first
        self.coverage = {}

    def measure(self):
        """Learns which lines each test executes; only of tests that are new or changed."""
        workshop, prepared = self.workshop, False
        for test in workshop.tests:
            name = f"coverage {test} {workshop.keys[test]}"
            if name not in self.memory.known:
                if not prepared:
                    workshop.prepare_coverage()
                    prepared = True
                self.memory.put(name, workshop.cover(test))
            known = self.memory.known[name]
            self.coverage[test] = {"seconds": known["seconds"], "lines": {path: set(lines) for path, lines in known["lines"].items()}}

    def counted_lines(self, path):
        """Lines of the file that any test executes, to find where a line without code of its own belongs."""
        return sorted(set().union(*(known["lines"].get(path, ()) for known in self.coverage.values())))

    def tests_for(self, mutant: Mutant):
        """The tests that execute the mutant's line, the likeliest killer first."""
        path = mutant.path
        line = mutant.line
        if mutant.function:
            before = [one for one in self.reached_of(path) if one <= line]
            line = max(before, default=line)
        tests = [
            test for test, known in self.coverage.items()
            if (line in known["lines"].get(path, ()) if mutant.function else known["lines"].get(path))
        ]  # fmt: skip
        twin = self.twins.get(path, "test_" + os.path.basename(path)[:-2])
        return sorted(
            tests,
            key=lambda test: (test != twin, test != CONFORMANCE, -self.kills[path, test], self.coverage[test]["seconds"], test),
        )

    def name_of(self, mutant):
        return "mutant " + digest(mutant.path, self.sources[mutant.path], mutant.start, mutant.end, mutant.text, mutant.change)

    def remembered(self, mutant, tests):
        """What became of the mutant earlier, when nothing has changed that it depends on."""
        known, keys = self.memory.known.get(self.name_of(mutant)), self.workshop.keys
        if not known:
            return None
        if known["status"] == "killed":
            return known if known["key"] == keys.get(known["by"]) else None
        if known["status"] in ("no C", "same code"):
            return known
        return known if known["key"] == digest(*(keys[test] for test in sorted(tests))) else None

    def judge(self, mutant):
        tests = self.tests_for(mutant)
        known = self.remembered(mutant, tests)
        if not known:
            known = self.try_out(mutant, tests)
            self.memory.put(self.name_of(mutant), known)
        if known["status"] == "killed":
            self.kills[mutant.path, known["by"]] += 1
        return known

    def try_out(self, mutant, tests):
        workshop, text = self.workshop, self.sources[mutant.path]
        folder = workshop.my_place()
        changed = mutant.apply(text)
        if not workshop.build_mutant(mutant.path, changed, folder):
            return {"status": "no C"}
        for test in tests:
            ended, _ = workshop.run(test, folder, 3 + 10 * self.coverage[test]["seconds"])
            if ended != 0:
                return {"status": "killed", "by": test, "ended": ended, "key": workshop.keys[test]}
        if workshop.same_code(mutant.path, text, changed, folder):
            return {"status": "same code"}
        key = digest(*(workshop.keys[test] for test in sorted(tests)))
        return {"status": "survived" if tests else "unreached", "key": key}

    def judge_all(self, mutants, say):
        """All results in the order of the mutants."""
        self.lines_reached = {path: self.counted_lines(path) for path in self.sources}
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

    def reached_of(self, path):
        return self.lines_reached[path]
