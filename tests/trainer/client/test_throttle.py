"""Room for samples: in order, never more than there is, and given back by whoever gives up."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gradewire_trainer.client.throttle import Throttle


@settings(max_examples=50, deadline=None)
@given(sizes=st.lists(st.integers(0, 12), max_size=30), cancelled=st.sets(st.integers(0, 29)))
def test_what_is_inside_never_exceeds_the_room_and_all_come_in_in_order(
    kit: Any, sizes: list[int], cancelled: set[int]
) -> None:
    async def main() -> None:
        throttle, inside, entered = Throttle(10), 0, []

        async def one(number: int, size: int) -> None:
            nonlocal inside
            await throttle.enter(size)
            entered.append(number)
            inside += size
            assert inside <= 10 or inside == size
            await asyncio.sleep(0)
            inside -= size
            throttle.leave(size)

        tasks = [asyncio.create_task(one(number, size)) for number, size in enumerate(sizes)]
        await asyncio.sleep(0)
        for number in cancelled & set(range(len(tasks))):
            if number not in entered:
                tasks[number].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert entered == sorted(entered)
        assert set(entered) >= set(range(len(sizes))) - cancelled
        await throttle.enter(10)  # all of it was given back

    kit.run(main())
