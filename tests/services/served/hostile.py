"""Graders as people write them, and as they should not: what a sample says is what happens."""

import asyncio
import ctypes
import os
import re
import time

HELD: list[bytes] = []


def grade(sample, item):
    """1 if the response is the reference; commands do damage."""
    text = sample["output_text"]
    command, _, argument = text.partition(" ")
    if command == "sleep":
        time.sleep(float(argument))
        return 1.0
    if command in DAMAGE:
        DAMAGE[command]()
    return float(text == item.get("reference"))


def _spin():
    while True:
        pass


def _spin_in_c():
    re.match(r"(a+)+$", "a" * 60 + "b")


def _allocate():
    HELD.extend(bytes(16 << 20) for _ in range(4096))


def _raise():
    raise ZeroDivisionError("no luck")


DAMAGE = {
    "spin": _spin,
    "spin_in_c": _spin_in_c,
    "allocate": _allocate,
    "segfault": lambda: ctypes.string_at(0),
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "leave": lambda: (_ for _ in ()).throw(SystemExit(4)),
    "raise": _raise,
}


def numbers(sample, item):
    """Whatever the response names, as Python."""
    return RETURNS[sample["output_text"]]


RETURNS: dict[str, object] = {
    "half": 0.5,
    "true": True,
    "one": 1,
    "none": None,
    "nan": float("nan"),
    "huge": 10**400,
    "text": "1.0",
    "parts": {"score": 0.25, "parts": {"style": 1.0}, "reason": "short", "extra": [1]},
    "no_score": {"parts": {}},
    "none_part": {"score": 1.0, "parts": {"style": None}},
}


async def later(sample, item):
    command, _, argument = sample["output_text"].partition(" ")
    if command == "sleep":
        await asyncio.sleep(float(argument))
    if command in DAMAGE:
        DAMAGE[command]()
    return 0.5


not_a_function = 3


def one_argument(sample):
    return 1.0
