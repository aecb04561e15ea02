"""Room for so many samples at a time."""

import asyncio


class Throttle:
    """Lets groups in while there is room; one that is larger than all the room comes in alone."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._inside = 0
        self._left = asyncio.Event()

    async def enter(self, samples: int) -> None:
        """Wait for room. One at a time may wait."""
        while self._inside and self._inside + samples > self._room:
            self._left.clear()
            await self._left.wait()
        self._inside += samples

    def leave(self, samples: int) -> None:
        """Give it back."""
        self._inside -= samples
        self._left.set()
