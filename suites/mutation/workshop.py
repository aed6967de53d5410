"""Where mutants are built and run: the rooms as shared libraries, of which a mutant replaces one by LD_LIBRARY_PATH, so that it
costs one compilation and one link whatever number of test programs it meets."""

import glob
import hashlib
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import threading

ROOMS = ("reference/core", "harness/case")
LIBRARIES = ["-ljansson", "-lpq", "-lcrypto", "-lcurl", "-lmicrohttpd", "-ltree-sitter", "-ldl", "-lpthread", "-lm"]
WRAP = "-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc"
# A test_alloc program brings its own of these, which come first; all others get the real ones.
PASS_ON = """#include <stdlib.h>
void *__wrap_malloc(size_t n) { return malloc(n); }
void *__wrap_calloc(size_t n, size_t m) { return calloc(n, m); }
void *__wrap_realloc(void *p, size_t n) { return realloc(p, n); }
"""
CONFORMANCE = "the cases on memory, without the races"
FLAGS = ["-O0", "-g0", "-w", "-fvisibility=default"]
# As make check-asan: a byte beyond a block, a leak, an overflow end the program.
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
ASAN_OPTIONS = "max_allocation_size_mb=1024:hard_rss_limit_mb=2048:detect_stack_use_after_return=1"
# However little a test needs, so much it is given, as seconds; and how long it may stand still.
PATIENCE_SECONDS, STANDSTILL_SECONDS = 1, 120


class Broken(Exception):
    """The workshop itself does not work: nothing can be said of any mutant."""


def digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else str(part).encode())
        whole.update(b"\0")
    return whole.hexdigest()[:24]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def library_name(room):
    return "lib" + room.replace("/", "_") + ".so"


class Workshop:
    """One build of everything, plain or with the sanitizers."""

    def __init__(self, build, jobs, left_out, sanitizers=()):
        self.build, self.jobs, self.left_out, self.sanitizers = build, jobs, left_out, list(sanitizers)
        self.place = threading.local()
        self.places, self.lock = 0, threading.Lock()
        self.tests = {}  # name -> command
        self.keys = {}  # name -> what its outcome depends on, as a digest

    # Building

    def tool(self, command):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise Broken(f"{shlex.join(command)[:300]}\n{done.stdout[-3000:]}")

    def prepare(self):
        os.makedirs(self.build, exist_ok=True)
        self.tool(["make", "--no-print-directory", f"-j{self.jobs}", f"BUILD={self.build}",
                   f"CFLAGS={' '.join(FLAGS + self.sanitizers)}", "objects"])  # fmt: skip
        self.compiler = shlex.split(read(f"{self.build}/flags").decode())
        self.objects = {room: sorted(self.object(path) for path in glob.glob(f"{room}/*.c")) for room in ROOMS}
        self.libraries = f"{self.build}/lib"
        for folder in ("lib", "self", "work", "cover/lib"):
            os.makedirs(f"{self.build}/{folder}", exist_ok=True)
        with open(f"{self.build}/pass_on.c", "w") as file:
            file.write(PASS_ON)
        self.tool(self.compiler + ["-shared", "-o", f"{self.libraries}/libpass_on.so", f"{self.build}/pass_on.c"])
        self.link_rest()
        for room in ROOMS:
            self.tool(self.link_room(room, self.objects[room], self.libraries))
        self.link_programs()

    def object(self, path, below="obj"):
        return f"{self.build}/{below}/{path[:-2]}.o"

    def link_library(self, target, objects, extra=()):
        return [self.compiler[0], "-shared", *self.sanitizers, WRAP, *extra, "-o", target, *objects]

    def link_room(self, room, objects, folder, extra=()):
        return self.link_library(f"{folder}/{library_name(room)}", objects, extra)

    def link_rest(self):
        """All that is not mutated, but for the tests and what supports them."""
        mutated = {path for room in ROOMS for path in self.objects[room]}
        found = glob.glob(f"{self.build}/obj/*/**/*.o", recursive=True)
        wanted = [
            path for path in sorted(found)
            if os.path.exists(path.replace(f"{self.build}/obj/", "")[:-2] + ".c") and path not in mutated
            and "/suites/self/" not in path and "/suites/bench/" not in path and not path.endswith("harness/main.o")
        ]  # fmt: skip
        wanted += sorted(glob.glob(f"{self.build}/obj/*.o"))  # what is generated
        self.tool(self.link_library(f"{self.libraries}/librest.so", wanted))
        support = sorted(glob.glob(f"{self.build}/obj/suites/self/support_*.o")) + sorted(
            path for path in glob.glob(f"{self.build}/obj/suites/bench/*.o") if "/bench_" not in path
        )
        archive = f"{self.build}/support.a"
        if os.path.exists(archive):
            os.remove(archive)
        self.tool(["ar", "qcs", archive, *support])

    def link_programs(self):
        names = [f"-l{library_name(room)[3:-3]}" for room in ROOMS] + ["-lrest", "-lpass_on"]
        tail = [f"{self.build}/support.a", "-Wl,--no-as-needed", f"-L{self.libraries}", *names, "-Wl,--as-needed",
                f"-Wl,--enable-new-dtags,-rpath,{os.path.abspath(self.libraries)}", "-lcmocka", *LIBRARIES]  # fmt: skip
        self.holdpoint = os.path.abspath(f"{self.build}/holdpoint")
        programs = {"holdpoint": self.object("harness/main.c")}
        for path in sorted(glob.glob("suites/self/test_*.c")):
            name = os.path.basename(path)[:-2]
            if name not in self.left_out:
                programs[name] = self.object(path)
        shared = digest(*(read(path) for path in sorted(glob.glob(f"{self.libraries}/*.so"))), self.data())
        for name, main in programs.items():
            target = self.holdpoint if name == "holdpoint" else os.path.abspath(f"{self.build}/self/{name}")
            wrapped = [WRAP] if name.startswith("test_alloc_") else []
            self.tool([self.compiler[0], *self.sanitizers, *wrapped, "-o", target, main, *tail])
            if name == "holdpoint":
                self.tests[CONFORMANCE] = [target, "run", "--target", "memory", "--fixtures", "fixtures", "--filter", "!concurrency"]
                self.keys[CONFORMANCE] = digest(shared, read(target))
            else:
                self.tests[name] = [target]
                self.keys[name] = digest(shared, read(target))

    @staticmethod
    def data():
        """What the tests read while they run."""
        folders = ("fixtures", "suites/self/data", "suites/self/golden", "suites/self/children")
        files = sorted(path for folder in folders for path in glob.glob(f"{folder}/**", recursive=True) if os.path.isfile(path))
        return digest(*(part for path in files for part in (path, read(path))))

    # Running

    def my_place(self):
        """The folder of this thread, removed and made anew for each mutant."""
        if not hasattr(self.place, "folder"):
            with self.lock:
                self.places += 1
                self.place.folder = os.path.abspath(f"{self.build}/places/{self.places}")
        shutil.rmtree(self.place.folder, ignore_errors=True)
        os.makedirs(f"{self.place.folder}/tmp")
        return self.place.folder

    def run(self, test, folder, limit_seconds):
        """Returns how it ended, 0 when well. Its own processor time is limited, since others may keep the processors busy."""
        environment = dict(os.environ, HOLDPOINT=self.holdpoint, HOLDPOINT_BUILD=f"{folder}/tmp",
                           LD_LIBRARY_PATH=folder, TMPDIR=f"{folder}/tmp", ASAN_OPTIONS=ASAN_OPTIONS)  # fmt: skip
        child = subprocess.Popen(self.tests[test], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        try:
            resource.prlimit(child.pid, resource.RLIMIT_CPU, (limit_seconds, limit_seconds))
            ended = child.wait(STANDSTILL_SECONDS)
        except ProcessLookupError:
            ended = child.wait()
        except subprocess.TimeoutExpired:
            ended = "hangs"
        try:
            os.killpg(child.pid, signal.SIGKILL)  # with all that it may have started
        except ProcessLookupError:
            pass
        child.wait()
        return ended

    def compile(self, path, text, folder, flags=()):
        """The object of a changed source; None when the compiler refuses it."""
        source = f"{folder}/{os.path.basename(path)}"
        with open(source, "w") as file:
            file.write(text)
        target = source[:-2] + ".o"
        command = self.compiler + [*flags, "-c", "-o", target, source]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return target if done.returncode == 0 else None

    def build_mutant(self, path, text, folder):
        """Puts the room's library with the changed source into the folder; False when it is no C."""
        changed = self.compile(path, text, folder)
        if not changed:
            return False
        room = os.path.dirname(path)
        objects = [changed if one == self.object(path) else one for one in self.objects[room]]
        self.tool(self.link_room(room, objects, folder))
        return True

    def same_code(self, path, original, changed, folder):
        """Whether the optimizer makes the same object of both: then no test can tell them apart."""
        codes = []
        for text in (original, changed):
            target = self.compile(path, text, folder, ["-O2", "-fvisibility=hidden"])
            codes.append(read(target) if target else None)
        return codes[0] is not None and codes[0] == codes[1]

    # Coverage: which lines of the rooms each test executes

    def prepare_coverage(self):
        """Compiles the rooms with counters, which a test writes when it ends."""
        compiler = self.compiler + ["--coverage", "-fprofile-update=atomic"]
        for room in ROOMS:
            objects = []
            for path in sorted(glob.glob(f"{room}/*.c")):
                target = os.path.abspath(self.object(path, "cover"))
                os.makedirs(os.path.dirname(target), exist_ok=True)
                self.tool(compiler + ["-c", "-o", target, path])
                objects.append(target)
            self.tool(self.link_room(room, objects, f"{self.build}/cover/lib", ["--coverage"]))

    def cover(self, test):
        """Runs a test on its own; returns its seconds and {file: {line: whether it was executed}}."""
        for path in glob.glob(f"{self.build}/cover/**/*.gcda", recursive=True):
            os.remove(path)
        folder = self.my_place()
        seconds = self.check_passes(test, folder)
        for name in os.listdir(f"{self.build}/cover/lib"):
            os.symlink(os.path.abspath(f"{self.build}/cover/lib/{name}"), f"{folder}/{name}")
        self.check_passes(test, folder)
        return {"seconds": seconds, "lines": self.counted()}

    def check_passes(self, test, folder):
        """Returns the processor time that it took. Nothing else runs meanwhile."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = self.run(test, folder, STANDSTILL_SECONDS)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if ended != 0:
            raise Broken(f"{test} fails without any mutant ({ended}): {shlex.join(self.tests[test])}")
        return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3)

    def counted(self):
        lines = {}
        counters = glob.glob(f"{self.build}/cover/**/*.gcda", recursive=True)
        if not counters:
            return lines
        done = subprocess.run(["gcov", "--json-format", "--stdout", *counters], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for report in done.stdout.splitlines():
            for file in json.loads(report)["files"]:
                if os.path.dirname(file["file"]) in ROOMS:
                    found = lines.setdefault(file["file"], {})
                    for line in file["lines"]:
                        number = line["line_number"]
                        found[number] = found.get(number, 0) or int(line["count"] > 0)
        return {path: found for path, found in lines.items() if any(found.values())}
