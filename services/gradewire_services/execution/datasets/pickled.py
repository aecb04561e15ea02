"""The text in a pickle that holds nothing but one text. Nothing is unpickled: its opcodes are read, and any but the
few that a text needs is refused. See pickletools in the standard library for what they are.
"""

import pickletools

_IDLE = {"PROTO", "FRAME", "MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT", "STOP"}
_TEXTS = {"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "UNICODE"}


def text_of(data: bytes) -> str:
    """The text. ValueError when there is anything else in it."""
    found: list[str] = []
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name in _TEXTS and isinstance(argument, str):
            found.append(argument)
        elif opcode.name not in _IDLE:
            raise ValueError(f"the pickle does {opcode.name}, and may only hold a text")
    if len(found) != 1:
        raise ValueError(f"the pickle holds {len(found)} texts, and not one")
    return found[0]
