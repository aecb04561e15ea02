"""Room for so many samples at a time; who comes when it is full waits in line."""

import asyncio
from collections import deque


class Throttle:
    """Lets groups in, in their order, while there is room. One that is larger than all the room comes in alone."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._inside = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def enter(self, samples: int) -> None:
        """Wait for room, and take it. Cancelled, it takes none."""
        if not self._waiting and self._fits(samples):
            self._inside += samples
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((samples, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(samples)
            raise

    def leave(self, samples: int) -> None:
        """Give it back."""
        self._inside -= samples
        while self._waiting and (self._waiting[0][1].done() or self._fits(self._waiting[0][0])):
            wanted, turn = self._waiting.popleft()
            if not turn.done():
                self._inside += wanted
                turn.set_result(None)

    def _fits(self, samples: int) -> bool:
        return not self._inside or self._inside + samples <= self._room
