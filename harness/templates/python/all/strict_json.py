"""JSON as the contract takes it: no key twice, no U+0000, no half surrogate pair, no NaN, integers of 64 bits."""
import json
import math
import sys

sys.setrecursionlimit(10000)  # whether a thousand levels are too deep is for the service to say


class Invalid(Exception):
    pass


def members(pairs):
    if len(dict(pairs)) < len(pairs):
        raise Invalid("a key comes twice")
    return dict(pairs)


def integer(digits):
    if len(digits) > 20 or not -2**63 <= int(digits) < 2**63:
        raise Invalid("an integer has more than 64 bits")
    return int(digits)


def number(digits):
    if not math.isfinite(float(digits)):
        raise Invalid("a number is too large")
    return float(digits)


def no_number(name):
    raise Invalid(name + " is no number")


def check_texts(value):
    if isinstance(value, str):
        if "\0" in value:
            raise Invalid("a text holds U+0000")
        value.encode()  # raises at half a surrogate pair
    elif isinstance(value, (list, dict)):
        for element in value:  # of an object: its keys
            check_texts(element)
            if isinstance(value, dict):
                check_texts(value[element])


def read(text):
    """The value of a text; Invalid, with the reason, when it is no JSON that the contract takes."""
    try:
        value = json.loads(text, object_pairs_hook=members, parse_int=integer, parse_float=number, parse_constant=no_number)
        check_texts(value)
    except (ValueError, RecursionError) as why:
        raise Invalid(str(why)) from why
    return value


def find_id(line):
    """The id of a request, also of one whose params are wrong; None when there is none."""
    try:
        return json.loads(line, parse_int=lambda digits: int(digits[:20]))["id"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
