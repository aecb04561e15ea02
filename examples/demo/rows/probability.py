"""Chances and percentages. Chances are counted over the whole space rather than taken from a formula."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import combinations, permutations, product
from typing import TypeVar

from rows.numbers import NumberProblem as N

T = TypeVar("T")


def chance(space: Iterable[T], event: Callable[[T], bool]) -> Fraction:
    """The share of equally likely outcomes in `space` for which `event` holds."""
    outcomes = list(space)
    return Fraction(sum(map(event, outcomes)), len(outcomes))


DICE = list(product(range(1, 7), repeat=2))

PROBLEMS = (
    N(
        "A bag holds 1 red marble and 19 blue ones. You draw one without looking. What is the probability "
        "that it is red?",
        chance(range(20), lambda marble: marble == 0),
        "1/20",
        "One favourable marble among twenty.",
        (Fraction(1, 19), Fraction(1, 2), Fraction(19, 20), 5),
        said=(
            ("**.05**", 1),
            ("There is a $5 \\times 10^{-2}$ chance.\n\nAnswer: $5 \\times 10^{-2}$", 1),
            ("1 out of 19... #### 1/19", 0),
        ),
    ),
    N(
        "Two fair dice are rolled. What is the probability of a total of 9?",
        chance(DICE, lambda dice: sum(dice) == 9),
        "\\frac{1}{9}",
        "Four of the 36 pairs work: 3-6, 4-5, 5-4 and 6-3.",
        (Fraction(1, 12), Fraction(1, 6), Fraction(5, 36)),
    ),
    N(
        "Roll two dice. Chance that at least one shows a six?",
        chance(DICE, lambda dice: 6 in dice),
        "11/36",
        "Take the complement: no six on either die.",
        (Fraction(1, 3), Fraction(1, 6), Fraction(12, 36), Fraction(25, 36)),
    ),
    N(
        "Four fair coins are tossed. Find $P(\\text{exactly two heads})$.",
        chance(product("HT", repeat=4), lambda coins: coins.count("H") == 2),
        "3/8",
        "Choose which two coins show heads, out of sixteen outcomes.",
        (Fraction(1, 2), Fraction(1, 4), Fraction(5, 16)),
    ),
    N(
        "Ann, Ben, Cem, Dana and Eli line up at random. What is the probability that Ann stands directly beside Ben?",
        chance(permutations("ABCDE"), lambda line: abs(line.index("A") - line.index("B")) == 1),
        "2/5",
        "Treat the pair as one person, and remember that it can stand both ways round.",
        (Fraction(1, 5), Fraction(1, 10), Fraction(4, 5)),
    ),
    N(
        "From a club of 4 chess players and 3 go players, two people are picked at random. How likely is "
        "it that they play the same game?",
        chance(combinations("CCCCGGG", 2), lambda pair: pair[0] == pair[1]),
        "3/7",
        "Six pairs of chess players and three pairs of go players, among 21 pairs.",
        (Fraction(4, 7), Fraction(1, 2), Fraction(2, 7)),
    ),
    N(
        "I pick an integer from 1 to 50 uniformly. Probability that it's a multiple of 3 or of 5?",
        chance(range(1, 51), lambda number: number % 3 == 0 or number % 5 == 0),
        "23/50",
        "Add the multiples of each, and take away those that were counted twice.",
        (Fraction(26, 50), Fraction(13, 50), Fraction(3, 50)),
    ),
    N(
        "A spinner lands on red with probability 0.5, on green with 0.2, and otherwise on blue. It is "
        "spun twice. What is the probability of blue both times?",
        (1 - Fraction(1, 2) - Fraction(1, 5)) ** 2,
        0.09,
        "Blue has the rest of the probability, and the spins are independent.",
        (Fraction(3, 10), Fraction(6, 10), Fraction(49, 100)),
    ),
    N(
        "What is the *expected value* of one roll of a fair six-sided die?",
        Fraction(sum(range(1, 7)), 6),
        "3.5",
        "Average the numbers from one to six.",
        (3, 4, 21),
    ),
    N(
        "A test has 3 true/false items. Guessing blindly, what's the chance of getting all of them wrong?",
        chance(product((True, False), repeat=3), lambda marks: not any(marks)),
        "1/8",
        "Each guess is wrong half of the time, independently.",
        (Fraction(1, 2), Fraction(3, 8), Fraction(7, 8), Fraction(1, 6)),
        said=(("<answer>12.5%</answer>", 1), ("<answer>12.5</answer>", 0)),
    ),
    N(
        "What percent of 80 is 12?",
        Fraction(12, 80),
        "15%",
        "Divide twelve by eighty and read it per hundred.",
        (Fraction(12, 100), Fraction(2, 3), Fraction(96, 10) / 100),
        said=(("The answer is 15%.", 1), ("The answer is 1.5%.", 0)),
    ),
    N(
        "A jacket at 120 euros is reduced by 35%. What does it cost now, in euros?",
        120 * (1 - Fraction(35, 100)),
        78,
        "You pay the remaining 65 percent.",
        (42, 85, 162),
        unit="euros",
    ),
    N(
        "A price rises by 20% and then falls by 20%. By what percentage is it lower than at the start?",
        1 - Fraction(120, 100) * Fraction(80, 100),
        "4%",
        "Multiply the two factors and compare with one.",
        (0, Fraction(4, 1000), Fraction(2, 5)),
        said=(("No change, so 0%.\n\nAnswer: 0%", 0),),
    ),
    N(
        "$2500 earns simple interest of 3% a year. How many dollars of interest are there after 4 years?",
        2500 * Fraction(3, 100) * 4,
        300,
        "Each year brings the same amount, three percent of the deposit.",
        (75, 2800, 1200),
        unit="dollars",
    ),
    N(
        "45 is 18% of which number?",
        45 / Fraction(18, 100),
        250,
        "Divide by the percentage written as a decimal.",
        (Fraction(81, 10), 2500, 810),
    ),
    N(
        "In a survey, 1 in 8 people said they never drink coffee. Express that as a percentage.",
        Fraction(1, 8),
        "12.5\\%",
        "Divide one by eight and move two places.",
        (Fraction(8, 100), Fraction(18, 100), Fraction(125, 100)),
    ),
    N(
        "A solution is 5% salt. How many grams of salt are in 640 g of it?",
        640 * Fraction(5, 100),
        32,
        "Five hundredths of the whole.",
        (320, 128, 608),
        unit="g",
    ),
    N(
        "The chance of rain is 1/4 on Saturday and, independently, 1/5 on Sunday. What is the chance of a "
        "fully dry weekend?",
        (1 - Fraction(1, 4)) * (1 - Fraction(1, 5)),
        "3/5",
        "Both days have to stay dry, so multiply the complements.",
        (Fraction(1, 20), Fraction(9, 20), Fraction(11, 20)),
    ),
    N(
        "Three cards numbered 1, 2, 3 are shuffled and dealt in a row. What is the probability that no "
        "card is in the position of its own number?",
        chance(permutations((1, 2, 3)), lambda row: all(card != place for place, card in enumerate(row, 1))),
        "1/3",
        "Only the two cyclic orders move every card, out of six.",
        (Fraction(1, 6), Fraction(1, 2), Fraction(2, 3)),
        said=(("The answer is about 0.333.", 0), ("Answer: 2/6", 1)),
    ),
)
