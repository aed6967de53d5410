"""The mutator on small inputs: what it changes, what it accepts, how it counts."""

import json
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import equivalents  # noqa: E402
import score  # noqa: E402
from mutators import mutants_of  # noqa: E402
from trial import Memory, Trial, named_tests  # noqa: E402
from workshop import CONFORMANCE  # noqa: E402

PATH = "harness/case/sample.c"


def read(name):
    with open(os.path.join(HERE, name)) as file:
        return file.read()


def sample():
    return mutants_of(PATH, read("sample.c"))


def one(change, function="find"):
    return next(mutant for mutant in sample() if mutant.change == change and mutant.function == function)


class Changes(unittest.TestCase):
    def test_the_sample_is_changed_as_recorded(self):
        self.assertEqual([mutant.id[len(PATH) + 1 :] for mutant in sample()], read("sample.txt").splitlines())

    def test_a_change_is_made_in_its_place_only(self):
        text = read("sample.c")
        changed = one("< to <=").apply(text)
        self.assertEqual(changed, text.replace("i < list->count", "i <= list->count"))

    def test_a_guard_keeps_its_body(self):
        changed = one("if (list->values[i] == wanted * 2) to if (false)").apply(read("sample.c"))
        self.assertIn("        if (false) {\n            *at = i;", changed)

    def test_ids_name_one_mutant_each(self):
        ids = [mutant.id for mutant in sample()]
        self.assertEqual(len(ids), len(set(ids)))


class Accepted(unittest.TestCase):
    def entry(self, **members):
        return equivalents.Entry("here", {"file": PATH, "line": "...", "change": "...", "reason": "it is so", **members})

    def test_an_entry_goes_by_file_function_line_and_change(self):
        mutant = one("2 to 3")
        for members, fits in [
            ({}, True),
            ({"file": "harness/case/*.c"}, True),
            ({"file": "harness/case/other.c"}, False),
            ({"function": "find"}, True),
            ({"function": "seek"}, False),
            ({"line": "if (list->values[i] == wanted * 2) {"}, True),
            ({"line": "if (list->values[i] == ...) {"}, True),
            ({"line": "if (list->values[i] == wanted * 2)"}, False),
            ({"change": "2 to 3"}, True),
            ({"change": "2 to 4"}, False),
            ({"nth": 1}, True),
            ({"nth": 2}, False),
        ]:
            self.assertEqual(self.entry(**members).fits(mutant), fits, members)

    def test_equal_changes_of_a_line_are_numbered(self):
        text = "void f(void) {\n    a = b + c + d;\n}\n"
        self.assertEqual([mutant.nth for mutant in mutants_of(PATH, text) if mutant.change == "+ to -"], [1, 2])

    def test_a_malformed_list_is_refused(self):
        for text in ["{}", "[1]", '[{"file": "a"}]', '[{"file":"a","line":"b","change":"c","reason":" "}]',
                     '[{"file":"a","line":"b","change":"c","reason":"r","nth":"1"}]', "["]:
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(text)
                file.flush()
                with self.assertRaises(equivalents.Malformed):
                    equivalents.load(file.name)

    def test_an_entry_that_is_killed_or_fits_nothing_is_a_fault(self):
        entry, mutant = self.entry(change="2 to 3"), one("2 to 3")
        killed = [(mutant, {"status": "killed", "by": "test_a"})]
        survived = [(mutant, {"status": "survived"})]
        self.assertEqual(len(equivalents.faults_of([entry], killed, True)), 1)
        self.assertEqual(equivalents.faults_of([entry], killed, False), [])
        self.assertEqual(equivalents.faults_of([entry], killed + survived, True), [])
        self.assertEqual(equivalents.faults_of([entry], survived, True), [])
        self.assertEqual(len(equivalents.faults_of([entry], [], True)), 1)
        self.assertEqual(equivalents.faults_of([entry], [], False), [])

    def test_only_survivors_are_accepted(self):
        entry, mutant = self.entry(change="2 to 3"), one("2 to 3")
        for status, after in [("survived", "accepted"), ("unreached", "accepted"), ("killed", "killed"), ("no C", "no C")]:
            self.assertEqual(score.accept([entry], [(mutant, {"status": status})])[0][1]["status"], after)


class Counts(unittest.TestCase):
    def results(self, **counts):
        statuses = [status.replace("_", " ") for status, count in counts.items() for _ in range(count)]
        return [(one("2 to 3"), {"status": status}) for status in statuses]

    def test_the_score_leaves_out_what_is_equivalent(self):
        files, rooms, both = score.rows_of(self.results(killed=6, survived=1, unreached=1, same_code=3, accepted=4, no_C=5))
        for row in (files[PATH], rooms["harness/case"], both):
            self.assertEqual(row.cells(), ["15", "6", "2", "7", "75.0 %"])

    def test_a_room_below_its_bound_fails_and_so_does_a_sample(self):
        def said(sampled, killed, survived):
            _, rooms, both = score.rows_of(self.results(killed=killed, survived=survived))
            return score.failures(rooms, both, sampled)

        self.assertEqual(said(False, 90, 10), [])
        self.assertEqual(said(False, 89, 11), ["harness/case scores 89.0 %, below 90 %"])
        self.assertEqual(said(True, 85, 15), [])
        self.assertEqual(said(True, 84, 16), ["the sample scores 84.0 %, below 85 %"])

    def test_the_page_lists_survivors_and_reasons(self):
        page = score.page([(one("2 to 3"), {"status": "accepted", "reason": "why not"}), (one("< to <="), {"status": "survived"})])
        self.assertIn("| harness/case/sample.c | 2 | 0 | 1 | 1 | 0.0 % |", page)
        self.assertIn("- why not\n  - harness/case/sample.c, find: `2 to 3` in", page)
        self.assertIn("- harness/case/sample.c, find: `< to <=` in", page)


class Order(unittest.TestCase):
    class Workshop:
        build = tempfile.mkdtemp()
        keys = {"test_sample": "a", "test_other": "b", CONFORMANCE: "c", "test_far": "d"}

    def trial(self):
        trial = Trial(self.Workshop, None, {PATH: read("sample.c")}, {})
        line = one("2 to 3").line
        for test, seconds, lines in [("test_other", 0.1, [line]), ("test_sample", 2, [line]), (CONFORMANCE, 0.2, [line]), ("test_far", 0, [1])]:
            trial.coverage[test] = {"seconds": seconds, "lines": {PATH: set(lines)}}
        trial.code_lines = {PATH: {1, line}}
        return trial

    def tearDown(self):
        path = f"{self.Workshop.build}/memory.jsonl"
        if os.path.exists(path):
            os.remove(path)

    @classmethod
    def tearDownClass(cls):
        os.rmdir(cls.Workshop.build)

    def test_the_likeliest_is_first_and_who_does_not_execute_the_line_is_not_asked(self):
        self.assertEqual(self.trial().tests_for(one("2 to 3")), [CONFORMANCE, "test_other", "test_sample"])

    def test_a_twin_goes_before_others_of_its_cost(self):
        trial = self.trial()
        trial.coverage["test_sample"]["seconds"] = 0.1
        self.assertEqual(trial.tests_for(one("2 to 3")), ["test_sample", CONFORMANCE, "test_other"])

    def test_who_killed_before_goes_before_others(self):
        trial = self.trial()
        trial.kills[PATH, "test_other"] = 9
        self.assertEqual(trial.tests_for(one("2 to 3")), ["test_other", CONFORMANCE, "test_sample"])

    def test_outside_functions_all_count_that_execute_the_file(self):
        self.assertEqual(set(self.trial().tests_for(one("64 to 65", ""))), set(self.Workshop.keys))

    def test_what_is_remembered_holds_while_its_tests_stay(self):
        trial, mutant = self.trial(), one("2 to 3")
        tests = trial.tests_for(mutant)
        for known, changed, holds in [
            ({"status": "killed", "by": "test_other", "key": "b"}, "test_sample", True),
            ({"status": "killed", "by": "test_other", "key": "b"}, "test_other", False),
            ({"status": "survived", "key": trial.key_of(tests), "sanitized": True}, "test_far", True),
            ({"status": "survived", "key": trial.key_of(tests), "sanitized": True}, "test_other", False),
        ]:
            trial.memory.put(trial.name_of(mutant), known)
            self.assertEqual(trial.remembered(mutant, tests), known)
            keys = dict(self.Workshop.keys)
            trial.workshop.keys[changed] = "new"
            self.assertEqual(trial.remembered(mutant, tests) is not None, holds)
            trial.workshop.keys.update(keys)

    def test_a_line_that_was_broken_off_is_forgotten(self):
        path = f"{self.Workshop.build}/memory.jsonl"
        Memory(path).put("a", 1)
        with open(path, "a") as file:
            file.write(json.dumps(["b", 2])[:-2])
        self.assertEqual(Memory(path).known, {"a": 1})

    def test_twins_of_another_name_are_found(self):
        with open("scripts/twins") as file:
            self.assertEqual(named_tests(file.read())["harness/case/run.c"], "test_case_run")


if __name__ == "__main__":
    unittest.main()
