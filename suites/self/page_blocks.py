"""The blocks of a page: `page_blocks.py split PAGE FOLDER` writes each ```sh block to FOLDER/NN.sh, and the ```text block behind it to
NN.txt; `page_blocks.py compare PROMISED` succeeds when stdin is what was promised. There a line `...` stands for any lines, `...`
within a line for anything; times, and the numbers of lines that count cases, may be others."""
import re
import sys

COUNTS = re.compile(r"^(selected|next|  all|  kinds|  unsupported) ")


def split(page, folder):
    text = open(page, encoding="utf-8").read()
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.S | re.M)
    count = 0
    for (language, body), (next_language, next_body) in zip(blocks, blocks[1:] + [("", "")]):
        if language == "sh":
            count += 1
            with open(f"{folder}/{count:02}.sh", "w", encoding="utf-8") as file:
                file.write(body)
            if next_language == "text":
                with open(f"{folder}/{count:02}.txt", "w", encoding="utf-8") as file:
                    file.write(next_body)
    print(count)


def level(line):
    line = re.sub(r"\d+\.\d+ s$", "T s", line)
    return re.sub(r" +\d+", " N", line) if COUNTS.match(line) else line


def pattern_of(line):
    if line == "...":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in level(line).split("...")) + "\n"


def compare(promised):
    got = "".join(level(line) + "\n" for line in sys.stdin.read().splitlines())
    wanted = open(promised, encoding="utf-8").read().splitlines()
    for count in range(1, len(wanted) + 1):
        if not re.match("".join(map(pattern_of, wanted[:count])), got):
            sys.exit(f"promised, and not seen there: {wanted[count - 1]}\n{got}")
    if not re.fullmatch("".join(map(pattern_of, wanted)), got):
        sys.exit(f"more was said than promised:\n{got}")


if __name__ == "__main__":
    {"split": split, "compare": compare}[sys.argv[1]](*sys.argv[2:])
