"""Grade a few responses from Python: two prompts, one reward spec, every part of the reward at hand.

    python examples/grade_in_python.py                 # services in this process (needs gradewire-services)
    GRADEWIRE_TARGETS=host:port python examples/…      # services that run elsewhere

A training loop does the same with its own responses: `client.grade` blocks, `client.agrade` is for asyncio, and
`client.submit` grades each group as soon as its rollouts are finished.
"""

import os

from gradewire_trainer import Group, RewardClient, RewardSpec

SPEC = RewardSpec.parse({"reward": {"grader": "answer"}})

GROUPS = [
    Group.of(
        "marble",
        ["The answer is .05", r"\boxed{5 \times 10^{-2}}", "<think>one in twenty</think> 5%", "about a tenth, 0.1"],
        prompt="A bag holds 1 red and 19 blue marbles. What is the probability of drawing the red one?",
        reference="1/20",
    ),
    Group.of(
        "tiles",
        ["12 rows of 35: #### 420", "#### 402", "It is either 420 or 402."],
        prompt="A floor has 12 rows of 35 tiles. How many tiles is that?",
        reference=420,
    ),
]


def main() -> None:
    with RewardClient(SPEC, targets=os.environ.get("GRADEWIRE_TARGETS", "local")) as client:
        for group, graded in zip(GROUPS, client.grade(GROUPS), strict=True):
            print(f"{group.prompt}  (reference: {group.reference})")
            for sample, reward in zip(group.samples, graded.rewards, strict=True):
                told = f"{reward.reward:.2f}" if reward.error is None else f"no reward: {reward.error.message}"
                print(f"  {told:>5}  {sample.response}")


if __name__ == "__main__":
    main()
