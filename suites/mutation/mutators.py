"""The changes that are made to a source, one at a time."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from c_source import Source

OPERATORS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("*",),
    "|": ("&",), "&": ("|",), "^": ("|",), "<<": (">>",), ">>": ("<<",),
    "+=": ("-=",), "-=": ("+=",), "*=": ("/=",), "/=": ("*=",), "%=": ("*=",), "|=": ("&=",), "&=": ("|=",),
}  # fmt: skip
WORDS = {
    "true": "false", "false": "true",
    "HP_OK": "HP_INTERNAL", "HP_INVALID": "HP_INTERNAL", "HP_INTERNAL": "HP_INVALID", "HP_CONFLICT": "HP_FORBIDDEN",
    "HP_FORBIDDEN": "HP_NOT_FOUND", "HP_NOT_FOUND": "HP_FORBIDDEN", "HP_UNSUPPORTED": "HP_INTERNAL",
    "HP_UNAVAILABLE": "HP_INTERNAL", "HP_TOO_LARGE": "HP_INVALID",
    "VERDICT_PASSED": "VERDICT_FAILED", "VERDICT_FAILED": "VERDICT_ERRORED", "VERDICT_ERRORED": "VERDICT_FAILED",
    "VERDICT_UNTESTABLE": "VERDICT_FAILED", "VERDICT_UNSUPPORTED": "VERDICT_UNTESTABLE",
    "VERDICT_EXPECTED_FAILURE": "VERDICT_PASSED", "VERDICT_UNEXPECTED_PASS": "VERDICT_PASSED",
    "VERDICT_NOT_RUN": "VERDICT_UNSUPPORTED",
}  # fmt: skip
BOOLEAN = {"<", "<=", ">", ">=", "==", "!=", "&&", "||"}
CONDITION_STOPS = {
    "&&", "||", ",", ";", "=", "?", ":", "return", "+=", "-=", "|=", "&=", "*=", "/=", "%=", "{", "}",
}  # fmt: skip
NO_STATEMENT = {
    "if", "else", "for", "while", "do", "switch", "case", "default", "return", "goto", "const", "static", "struct", "enum",
    "union", "unsigned", "signed", "int", "char", "bool", "void", "double", "long", "typedef", "assert",
}  # fmt: skip
JUMPS = {"return", "break", "continue", "goto"}


@dataclass(frozen=True)
class Mutant:
    path: str
    function: str
    line: int
    column: int
    start: int
    end: int
    text: str  # what stands in place of start..end
    change: str  # for people: "< to <="
    line_text: str
    nth: int = 1  # of the equal changes on its line

    @property
    def id(self):
        return f"{self.path}:{self.line}:{self.column} {self.change}"

    def apply(self, source_text):
        return source_text[: self.start] + self.text + source_text[self.end :]


def short(text):
    text = " ".join(text.split())
    return text if len(text) <= 60 else text[:57] + "..."


class Generator:
    def __init__(self, source):
        self.source, self.found = source, []
        self.asserted = set()
        for i, token in enumerate(source.tokens):
            if token.text in ("assert", "static_assert", "_Static_assert"):
                self.asserted.update(range(i, source.partner[i + 1] + 1))

    def add(self, at, first, last, text, change=None):
        source = self.source
        start, end = source.tokens[first].start, source.tokens[last].end
        line, column = source.place(start)
        change = change or f"{short(source.text[start:end])} to {short(text)}"
        self.found.append(
            Mutant(source.path, source.function[at], line, column, start, end, text, change, source.line_text(line))
        )

    def run(self):
        for i, token in enumerate(self.source.tokens):
            if i in self.asserted:
                continue
            if token.kind == "sign":
                self.sign(i, token.text)
            elif token.kind == "word":
                self.word(i, token.text)
            elif token.kind == "number":
                self.number(i, token.text)
            elif token.kind == "char":
                self.character(i, token.text)
            self.statement(i)
        return self.found

    def sign(self, i, text):
        source = self.source
        if text in OPERATORS and source.is_binary(i):
            for other in OPERATORS[text]:
                self.add(i, i, i, other)
        elif text in ("++", "--"):
            self.add(i, i, i, "--" if text == "++" else "++")
        elif text == "!":
            self.add(i, i, i, "", f"!{source.word(i + 1)} to {source.word(i + 1)}")
        if text in ("&&", "||"):
            first = source.span_back(i - 1, CONDITION_STOPS)
            self.negate(i, first, i - 1)
            last = source.span_on(i + 1, CONDITION_STOPS)
            if source.word(last + 1) not in ("&&", "||"):  # else it is the left operand of that one
                self.negate(i, i + 1, last)
        elif text == "?":
            first = source.span_back(i - 1, CONDITION_STOPS)
            if source.word(first - 1) not in ("&&", "||"):
                self.negate(i, first, i - 1)

    def negate(self, at, first, last):
        """Only what is not mutated by its own operators."""
        source = self.source
        texts = source.level(first, last)
        if source.word(first) in ("!", "(") or not texts or BOOLEAN & set(texts) or "=" in texts:
            return
        self.add(at, first, last, f"!({source.slice(first, last)})", f"{short(source.slice(first, last))} to its opposite")

    def word(self, i, text):
        source = self.source
        if text in WORDS and source.word(i - 1) not in ("==", "!=") and source.word(i + 1) not in ("==", "!="):
            self.add(i, i, i, WORDS[text])
        elif text in ("break", "continue"):
            self.add(i, i, i, "", f"{text} dropped")
        elif text in ("if", "while") and source.word(i + 1) == "(":
            close = source.partner[i + 1]
            self.negate(i, i + 2, close - 1)
            if text == "if" and self.jumps(close + 1):
                condition = source.slice(i + 2, close - 1)
                self.add(i, i + 2, close - 1, "false", f"if ({short(condition)}) to if (false)")

    def jumps(self, brace):
        """Whether the block that begins there ends by leaving, and nothing else follows."""
        source = self.source
        if source.word(brace) != "{" or source.word(source.partner[brace] + 1) == "else":
            return False
        i = source.partner[brace] - 2
        while i > brace and source.word(i) not in (";", "{", "}"):
            i -= 1
        return source.word(i + 1) in JUMPS

    def number(self, i, text):
        source = self.source
        if source.word(i - 1) == "{" and source.word(i + 1) == "}":
            return  # {0} is a zero of any type
        if source.word(i - 1) == "[" and source.word(i + 1) == "]" and self.is_declared(i - 2):
            return  # room to spare is no behaviour
        match = re.fullmatch(r"(0[xX][0-9a-fA-F]+|\d+)([uUlL]*)", text)
        if match:
            value = int(match.group(1), 0)
            self.add(i, i, i, f"{0 if value == 1 else value + 1}{match.group(2)}")

    def is_declared(self, i):
        """Whether the name at i is being declared, not indexed: a type stands before it."""
        before = self.source.tokens[i - 1]
        glued = before.end == self.source.tokens[i].start
        return (before.kind == "word" and before.text not in ("return", "case")) or (before.text == "*" and glued)

    def character(self, i, text):
        inside = text[1:-1]
        if inside == "\\0":
            self.add(i, i, i, "'\\1'")
        elif len(inside) == 1:
            other = chr(ord(inside) + 1)
            self.add(i, i, i, "'a'" if other in "'\\\x7f" else f"'{other}'")

    def statement(self, i):
        """A statement that begins at i and is a call or an assignment is left out."""
        source = self.source
        if not source.function[i] or source.word(i - 1) not in ("{", "}", ";", ")", ":"):
            return
        token = source.tokens[i]
        if token.text in NO_STATEMENT or not (token.kind == "word" or token.text in ("*", "(")):
            return
        last = source.span_on(i, {";"})
        if source.word(last + 1) != ";" or not self.stands_alone(i):
            return
        texts = source.level(i, last)
        assigns = any(text == "=" or (text in OPERATORS and len(text) == 2 and text[1] == "=" and text[0] in "+-*/%|&") for text in texts)
        calls = source.word(last) == ")" and not assigns
        if not (assigns or calls) or self.declares(i):
            return
        self.add(i, i, last, "", f"{short(source.slice(i, last))} dropped")

    def stands_alone(self, i):
        """Not within the brackets of a for, a call or an initialiser."""
        source = self.source
        opener = source.span_back(i - 1, set()) - 1
        if source.word(opener) != "{":
            return False
        if source.word(i - 1) == ")":
            before = source.word(source.partner[i - 1] - 1)
            return before in ("if", "for", "while")
        if source.word(i - 1) == ":":
            return source.word(source.span_back(i - 2, {";", "}"})) in ("case", "default")
        return source.word(opener - 1) in (")", "else", "do", ":", ";", "{", "}")

    def declares(self, i):
        source = self.source
        if source.tokens[i].kind != "word":
            return False
        if source.tokens[i + 1].kind == "word":
            return True
        star = source.tokens[i + 1]
        return star.text == "*" and star.end == source.tokens[i + 2].start


def mutants_of(path, text):
    """All mutants of a file, in the order of their places, no two of one id."""
    found = {}
    for mutant in Generator(Source(path, text)).run():
        found.setdefault(mutant.id, mutant)
    counts, counted = Counter(), []
    for mutant in sorted(found.values(), key=lambda mutant: (mutant.start, mutant.change)):
        counts[mutant.line, mutant.change] += 1
        counted.append(replace(mutant, nth=counts[mutant.line, mutant.change]))
    return counted
