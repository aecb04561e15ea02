"""Small word problems: money, speed, work, units. Some units may follow the number, as people do."""

from fractions import Fraction

from rows.numbers import NumberProblem as N

PROBLEMS = (
    N(
        "Noor bakes 4 trays of 18 biscuits. She gives 25 to her neighbours and eats 3. How many biscuits "
        "are left?",
        4 * 18 - 25 - 3,
        44,
        "She bakes 72 and parts with 28.",
        (47, 50, 69),
        unit="biscuits",
        said=(("She starts with 4*18 = 72.\n72 - 25 - 3 = 44\n#### 44", 1), ("72-25 = 47\n#### 47", 0)),
    ),
    N(
        "A tram covers 42 km in 1.2 hours. What is its average speed in km/h?",
        42 / Fraction(12, 10),
        35,
        "Divide the distance by the time.",
        (Fraction(504, 10), 42, 350),
        unit="km/h",
    ),
    N(
        "Two taps fill a tub in 12 and 20 minutes. How long do both together take, in minutes?",
        1 / (Fraction(1, 12) + Fraction(1, 20)),
        7.5,
        "Each minute they fill one twelfth and one twentieth.",
        (32, 16, Fraction(2, 15)),
        unit="minutes",
    ),
    N(
        "How many millilitres are in 3/8 of a litre?",
        1000 * Fraction(3, 8),
        375,
        "A litre has a thousand of them.",
        (Fraction(375, 10), 3750, 380),
        unit="mL",
    ),
    N(
        "Convert 2.5 hours to seconds.",
        Fraction(25, 10) * 60 * 60,
        "9000",
        "Sixty minutes of sixty seconds each.",
        (150, 900, 15000),
        unit="seconds",
    ),
    N(
        "A recipe for 6 people needs 450 g of flour. How many grams do you need for 10 people?",
        Fraction(450, 6) * 10,
        750,
        "One person needs 75 grams.",
        (270, 700, 4500),
        unit="g",
    ),
    N(
        "Ravi is three times as old as his daughter. In 12 years he will be twice as old as she is. How "
        "old is she now?",
        next(age for age in range(100) if 3 * age + 12 == 2 * (age + 12)),
        12,
        "Write both ages in twelve years and compare them.",
        (36, 24, 6),
        unit="years",
    ),
    N(
        "A farm has hens and goats: 30 heads and 84 legs in all. How many goats are there?",
        next(goats for goats in range(31) if 4 * goats + 2 * (30 - goats) == 84),
        12,
        "If all were hens there would be 60 legs; each goat adds two.",
        (18, 24, 21),
        unit="goats",
    ),
    N(
        "Theo reads 15 pages on the first day and 4 more each day than on the day before. How many pages "
        "has he read after a week?",
        sum(15 + 4 * day for day in range(7)),
        189,
        "Seven terms of an arithmetic sequence, from 15 to 39.",
        (217, 168, 105),
        unit="pages",
    ),
    N(
        "A 3 m plank is sawn into pieces of 0.25 m. How many cuts are needed?",
        3 / Fraction(1, 4) - 1,
        11,
        "There is one cut fewer than there are pieces.",
        (12, 13, 10),
        unit="cuts",
    ),
    N(
        "An 8-bit counter shows 200. It counts 100 steps further and wraps around after 255 to 0. What "
        "does it show?",
        (200 + 100) % 256,
        44,
        "Subtract 256 once.",
        (45, 300, 43),
    ),
    N(
        "Light takes about 500 s from the Sun to us at 3 × 10^8 m/s. How far is that, in metres, with "
        "these numbers?",
        500 * 3 * 10**8,
        "1.5 \\times 10^{11}",
        "Multiply the speed by the time.",
        (15 * 10**9, 15 * 10**11, 6 * 10**5),
        unit="m",
    ),
    N(
        "A bacterium weighs 9.5e-13 g. What do 200 of them weigh, in grams?",
        200 * Fraction(95, 10) / 10**13,
        "1.9 \\times 10^{-10}",
        "Multiply and normalise the mantissa.",
        (Fraction(19, 10) / 10**11, Fraction(19, 10) / 10**9, 0),
        unit="g",
        said=(("Practically nothing, so the answer is 0.", 0), ("\\boxed{1.9 \\times 10^{-10}}", 1)),
    ),
    N(
        "At the market: 3 melons and 2 mangos cost 13 euros, 1 melon and 2 mangos cost 7 euros. What does "
        "one mango cost in euros?",
        Fraction(7 - Fraction(13 - 7, 2), 2),
        2,
        "The difference of both purchases is two melons.",
        (3, Fraction(5, 2), 4),
        unit="euros",
    ),
    N(
        "The average of five numbers is 14. Four of them are 9, 12, 15 and 20. What is the fifth?",
        5 * 14 - 9 - 12 - 15 - 20,
        14,
        "The total has to be seventy.",
        (56, 11, 15),
    ),
    N(
        "A circular track is 400 m long. Two runners start together in the same direction at 5 m/s and "
        "4.2 m/s. After how many seconds does the faster one lap the slower one?",
        400 / (Fraction(5) - Fraction(42, 10)),
        500,
        "The gap grows by eight tenths of a metre each second.",
        (80, Fraction(400, 92) * 10, 400),
        unit="seconds",
    ),
    N(
        "How many different three-digit codes can be made from the digits 1 to 5 if no digit is used twice?",
        5 * 4 * 3,
        60,
        "Five choices, then four, then three.",
        (125, 10, 20),
    ),
    N(
        "A sheet of paper is 0.1 mm thick. It is folded in half 7 times. How thick is the stack, in "
        "millimetres?",
        Fraction(1, 10) * 2**7,
        "12.8",
        "Every fold doubles it.",
        (Fraction(7, 10), Fraction(14, 10), Fraction(64, 10)),
        unit="mm",
    ),
)
