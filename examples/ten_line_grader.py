"""A grader of your own in ten lines: `gradewire serve ten_line_grader:grade --listen 127.0.0.1:7410`, in this folder.

A reward spec asks it by its name, `{grader: grade}`, once GRADEWIRE_TARGETS says where it is. What it raises is an
error of that sample, and None means 'cannot decide': neither is a score.
"""

from typing import Any


def grade(sample: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """1 for a response within the row's `max_words` (default 50), and less with every word beyond; at worst 0."""
    words, allowed = len(sample["output_text"].split()), item.get("max_words", 50)
    over = max(0, words - allowed)
    return {
        "score": max(0.0, 1 - over / allowed),
        "reason": "too_long" if over else "short_enough",
        "explanation": f"{words} words, {allowed} are allowed",
        "parts": {"words": words},
    }
