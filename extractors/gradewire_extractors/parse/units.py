"""Units by name: which spellings are the same unit, and how units multiply.

No unit is converted into another.
"""

from __future__ import annotations

import re

from gradewire_extractors.parse.words import VOWEL_SIGNS

_SPELLINGS = {
    "mm": "mm millimeter millimeters millimetre millimetres",
    "cm": "cm cms centimeter centimeters centimetre centimetres",
    "m": "m meter meters metre metres", "km": "km kms kilometer kilometers kilometre kilometres",
    "nm": "nm nanometer nanometers", "uF": "uF", "ug": "ug", "uL": "uL", "us": "us", "uC": "uC",
    "um": "um micron microns micrometer micrometers",
    "in": "in inch inches", "ft": "ft foot feet", "yd": "yd yard yards", "mi": "mi mile miles",
    "mg": "mg milligram milligrams", "g": "g gram grams", "kg": "kg kgs kilogram kilograms kilo kilos",
    "t": "tonne tonnes", "ton": "ton tons", "lb": "lb lbs pound pounds", "oz": "oz ounce ounces",
    "s": "s sec secs second seconds", "ms": "ms millisecond milliseconds", "min": "min mins minute minutes",
    "h": "h hr hrs hour hours", "d": "day days", "wk": "week weeks", "mo": "month months",
    "yr": "yr yrs year years",
    "L": "L l liter liters litre litres", "mL": "mL ml milliliter milliliters millilitre millilitres",
    "gal": "gal gallon gallons", "qt": "quart quarts", "pt": "pint pints", "cup": "cup cups",
    "N": "N newton newtons", "J": "J joule joules", "kJ": "kJ kilojoule kilojoules", "W": "W watt watts",
    "kW": "kW kilowatt kilowatts", "kWh": "kWh", "V": "V volt volts", "A": "A amp amps ampere amperes",
    "ohm": "ohm ohms Omega", "Pa": "Pa pascal pascals", "kPa": "kPa kilopascals", "atm": "atm", "bar": "bar",
    "Hz": "Hz hertz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "K": "K kelvin kelvins",
    "mol": "mol mole moles",
    "M": "molar", "cal": "cal calorie calories", "kcal": "kcal", "eV": "eV", "MeV": "MeV",
    "C": "C coulomb coulombs",
    "F": "F farad farads", "T": "T tesla teslas", "B": "byte bytes", "KB": "KB kilobytes",
    "MB": "MB megabytes",
    "GB": "GB gigabytes", "bit": "bit bits", "deg": "degree degrees deg", "rad": "rad radian radians",
    "degC": "degC celsius", "degF": "degF fahrenheit", "mph": "mph", "kph": "kph kmh", "rpm": "rpm",
    "USD": "USD dollar dollars usd", "cent": "cent cents ¢", "EUR": "EUR euro euros eur",
    "GBP": "GBP gbp quid",
    "JPY": "JPY yen", "INR": "INR rupee rupees", "CNY": "CNY yuan", "unit": "unit units",
    "acre": "acre acres",
    "percent": "percent",
}  # fmt: skip
NAMES = {spelling: unit for unit, line in _SPELLINGS.items() for spelling in line.split()}
BARE_LETTERS = frozenset((*"mgshLNJWVAK", "Omega"))
"""Single letters that are units where they stand apart from the number outside \\text: 24 m^3."""

_COMPOUND = {"mph": {"mi": 1, "h": -1}, "kph": {"km": 1, "h": -1}}
_PHRASES = {"per cent": "percent", "pct": "percent", "pounds sterling": "GBP", "pound sterling": "GBP"}
_POWERS = {"square": 2, "sq": 2, "squared": 2, "cubic": 3, "cubed": 3, "cu": 3}
_PIECE = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{VOWEL_SIGNS}])*|\^\{{?-?[0-9]+\}}?|(?<=[A-Za-z])[23](?![0-9])|[/*()]|\S")
_RESPELLED = (("\\,", " "), ("\\;", " "), ("\\ ", " "), ("~", " "), ("\\cdot", "*"), ("\\mu ", "u"), ("\\mu", "u"))
_FURTHER = ("more", "additional", "extra", "other")
"""Before a noun they say nothing about the number: 24 more chairs."""
_PLURALS = {"people": "person", "persons": "person", "children": "child", "men": "man", "women": "woman", "dice": "die"}
_NOT_UNITS = frozenset((
    "if", "else", "or", "not", "no", "maybe", "when", "unless", "otherwise", "approximately", "about", "less",
    "more", "than", "least", "most", "is", "are", "was", "from", "plus", "minus", "times", "over", "by", "mod",
    "remainder", "and", "with", "for", "but", "where", "because", "so", "then", "either", "neither", "nor", "both",
    "possibly", "except", "which", "that", "answer", "correct", "true", "false", "none", "any", "all", "some",
    "undefined", "infinity", "wrong", "incorrect", "guess", "perhaps", "roughly", "nearly", "almost", "squared",
    "cubed", "factorial", "doubled", "tripled", "halved", "fails", "fail", "works", "work", "holds", "suffices",
    "divides", "exceeds", "seems", "looks", "vs", "versus", "alternatively", "optionally", "around", "only", "just",
    "actually", "minimum", "maximum", "upwards", "onwards", "upward", "downward", "downwards", "onward", "negative",
    "below", "above", "under", "higher", "lower", "fewer", "greater", "larger", "smaller", "bigger", "half",
    "halves", "something", "ish", "tops", "max", "exclusive", "inclusive", "twice", "thrice", "inverse",
    "reciprocal", "prime", "score", "gross", "percentage", "bps", "basis", "permille", "root", "complement", "off",
    "shy", "fold", "twofold", "threefold", "tenfold", "repeating", "recurring", "base", "binary", "hex",
    "hexadecimal", "octal", "radix", "double", "triple", "quadruple", "zero", "nonzero", "unknown", "invalid",
    "impossible", "excluded", "removed", "multiplied", "added", "subtracted", "divided", "equal", "unequal", "even",
    "odd", "hence", "point", "to", "th", "st", "nd", "rd", "tenth", "hundredth", "thousandth", "thirds", "fourths",
    "fifths", "sixths", "sevenths", "eighths", "ninths", "tenths", "hundredths", "thousandths", "third", "fifth",
    "sixth", "seventh", "eighth", "ninth", "somewhere", "unclear", "estimated", "rejected", "discarded", "ruled",
    "out", "instead", "unlikely", "improbable",
))  # fmt: skip
_KINDS = ("even", "odd", "equal", "different", "double", "positive", "negative")
"""Before a noun they say which things are counted: 12 even numbers."""
_BOUNDS = (
    *("以上", "以下", "以内", "以外", "左右", "之间", "之間", "到", "至", "もしれ", "だろう", "でしょう", "未満", "超"),
    *("이상", "이하", "미만", "초과", "라면", "정도", "अधिक", "कम", "ज़्यादा", "больше", "меньше", "более", "менее"),
    *("أكثر", "أقل", "mínimo", "máximo", "más", "ungefähr", "größer", "aproximadamente", "примерно", "около"),
)
"""In words behind a number, they make it a bound or a guess."""
SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}


def parse_unit(text: str) -> str | None:
    """The canonical name of a unit such as `m/s^2`, `square meters`, `km per hour`, or None.

    Words that are no known unit count things (12 apples) if there are at most three, none of which qualifies
    the number; they are compared as words.
    """
    if text.casefold() in _PHRASES:
        return _PHRASES[text.casefold()]
    for command, plain in _RESPELLED:
        text = text.replace(command, plain)
    pieces = _PIECE.findall(text.replace(".", ""))
    if len(pieces) > 1 and pieces[0].casefold() in _FURTHER:
        pieces = pieces[1:]
    if len(pieces) == 2 and pieces[0].casefold() in ("degree", "degrees"):
        return {"c": "degC", "celsius": "degC", "f": "degF", "fahrenheit": "degF"}.get(pieces[1].casefold())
    known = _known(pieces)
    if known is not None:
        return known
    if not text.isascii() and any(word in text for word in _BOUNDS):
        return None
    words = [piece.casefold() for piece in pieces]
    if len(words) > 1 and words[0] in _KINDS:
        words = words[1:]
    if words == ["times"]:
        return "times"
    if 1 <= len(words) <= 3 and all(_is_word(w) and w not in _NOT_UNITS and w not in SCALES for w in words):
        if len(words) == 1 and len(words[0]) < 3 and words[0].isascii():
            return None
        return " ".join(map(_singular, words))
    return None


def _singular(word: str) -> str:
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _is_word(piece: str) -> bool:
    return piece[0].isalpha() and not any(c.isascii() and not c.isalpha() for c in piece)


def _known(pieces: list[str]) -> str | None:
    powers: dict[str, int] = {}
    sign, pending, last = 1, 1, ""
    for piece in pieces:
        lower = piece.casefold()
        if piece in ("/",) or lower == "per":
            if pending != 1:
                return None
            sign, last = -1, ""
        elif piece in "*()":
            last = ""
        elif lower in ("squared", "cubed") and last in powers:
            powers[last] += sign * (_POWERS[lower] - 1)
        elif lower in _POWERS:
            pending = _POWERS[lower]
        elif piece.lstrip("^{-").rstrip("}").isdigit():
            if last not in powers or len(piece) > 6:
                return None
            powers[last] += sign * (int(piece.strip("^{}")) - 1)
            last = ""
        else:
            unit = NAMES.get(piece) or (NAMES.get(lower) if len(piece) > 2 else None)
            if unit is None:
                return None
            for name, power in _COMPOUND.get(unit, {unit: 1}).items():
                powers[name] = powers.get(name, 0) + sign * power * pending
            pending, last = 1, unit
    if pending != 1 or not powers:
        return None
    return " ".join(f"{name}^{power}" if power != 1 else name for name, power in sorted(powers.items()) if power)
