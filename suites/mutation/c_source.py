"""A C file as tokens: enough of C's structure to change one token and know what it is. No parser: the tree is formatted by
clang-format, so a binary operator has a blank on both sides, and a unary one or a pointer's star has none behind it."""

import bisect
import re

PATTERN = re.compile(
    r"""
    (?P<string>"(?:\\.|[^"\\\n])*") | (?P<char>'(?:\\.|[^'\\\n])+')
  | (?P<number>\.?\d(?:[eEpP][+-]|[\w.])*) | (?P<word>[A-Za-z_]\w*)
  | (?P<sign><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[^\w\s])
    """,
    re.VERBOSE,
)
UNSEEN = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+')|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:\\\n|[^\n])*""", re.S | re.M)
OPENERS = {"(": ")", "[": "]", "{": "}"}


class Token:
    def __init__(self, kind, text, start):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)


def without_comments(text):
    """The same text with comments and directives as blanks, so that places stay."""
    return UNSEEN.sub(lambda match: match.group(1) or re.sub(r"[^\n]", " ", match.group()), text)


class Source:
    """The tokens of one file; partner[i] is the token that closes or opens i, function[i] the function around it or ""."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.tokens = [
            Token(match.lastgroup, match.group(), match.start()) for match in PATTERN.finditer(without_comments(text))
        ]
        self.line_starts = [0] + [match.end() for match in re.finditer(r"\n", text)]
        self.partner = self._pair()
        self.function = self._find_functions()

    def _pair(self):
        partner, open_ones = {}, []
        for i, token in enumerate(self.tokens):
            if token.text in OPENERS and token.kind == "sign":
                open_ones.append(i)
            elif token.text in OPENERS.values() and token.kind == "sign":
                partner[i] = open_ones.pop()
                partner[partner[i]] = i
        return partner

    def _find_functions(self):
        function, i = [""] * len(self.tokens), 0
        while i < len(self.tokens):
            if self.tokens[i].text == "{" and i > 0:
                if self.tokens[i - 1].text == ")":
                    name = self.tokens[self.partner[i - 1] - 1].text
                    for inside in range(i, self.partner[i] + 1):
                        function[inside] = name
                i = self.partner[i]
            i += 1
        return function

    def place(self, offset):
        line = bisect.bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line):
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[self.line_starts[line - 1] : end].strip()

    def word(self, i):
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def is_binary(self, i):
        token = self.tokens[i]
        return self.text[token.start - 1].isspace() and self.text[token.end].isspace()

    def slice(self, first, last):
        """The text from a token to a token, both included."""
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def span_back(self, i, stops):
        """The first token of the operand that ends at i: back to a stop or an opening bracket at the same level."""
        while i >= 0 and self.word(i) not in stops and self.word(i) not in OPENERS:
            i = self.partner[i] - 1 if self.word(i) in OPENERS.values() else i - 1
        return i + 1

    def span_on(self, i, stops):
        """The last token of the operand that begins at i."""
        closers = OPENERS.values()
        while i < len(self.tokens) and self.word(i) not in stops and self.word(i) not in closers:
            i = self.partner[i] + 1 if self.word(i) in OPENERS else i + 1
        return i - 1

    def level(self, first, last):
        """The texts of the tokens from first to last, without what stands in brackets within."""
        texts, i = [], first
        while i <= last:
            texts.append(self.tokens[i].text)
            i = self.partner[i] if self.word(i) in OPENERS else i + 1
        return texts
