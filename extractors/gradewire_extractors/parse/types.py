"""What an answer can be, once it is read. Each type knows its kind and its canonical text."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from gradewire_extractors.parse.limits import MAX_EXPONENT
from gradewire_extractors.parse.nodes import Expr, Rational, show, show_rational


@dataclass(slots=True, unsafe_hash=True)  # nobody changes one; freezing doubles what it costs to make
class Number:
    """An exact integer or fraction, as written or as evaluated."""

    kind: ClassVar[str] = "number"
    value: Rational

    @property
    def canonical(self) -> str:
        """`-1/20`."""
        return show_rational(self.value)


@dataclass(slots=True, unsafe_hash=True)
class Decimal:
    """mantissa · 10^exponent, in lowest terms (the mantissa does not end in 0), and the digits as written.

    Any exponent can be held: 1E999999999 is compared, never written out.
    """

    kind: ClassVar[str] = "decimal"
    mantissa: int
    exponent: int
    places: int
    """Place of the last digit as it was written, for rounding: 2 for 0.50, 4 for 1.5e-3, -2 for 1.5e3."""

    @property
    def value(self) -> Rational | None:
        """The exact value; None when it is too large to write out."""
        if self.exponent >= 0:
            return self.mantissa * 10**self.exponent if self.exponent <= MAX_EXPONENT else None
        return Fraction(self.mantissa, 10**-self.exponent) if self.exponent >= -MAX_EXPONENT else None

    @property
    def canonical(self) -> str:
        """`1/20`, or `1e999999999` where the value is too large to write out."""
        if abs(self.exponent) > 40:
            return f"{show_rational(self.mantissa)}e{self.exponent}"
        value = self.value
        assert value is not None
        return show_rational(value)


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage; `value` is already divided by 100."""

    kind: ClassVar[str] = "percent"
    value: Rational
    places: int | None = field(default=None, compare=False)
    """Of the last digit that was written, as in a Decimal: 3 for 33.3%. None where no decimal was."""

    @property
    def canonical(self) -> str:
        """`1/20` for 5%."""
        return show_rational(self.value)


@dataclass(frozen=True, slots=True)
class Symbolic:
    """An expression that is more than a rational number."""

    kind: ClassVar[str] = "symbolic"
    expr: Expr

    @property
    def canonical(self) -> str:
        """Fully bracketed, sums and products sorted."""
        return show(self.expr)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with a unit. `product` is the other reading where the unit could be a variable (24 m^3)."""

    kind: ClassVar[str] = "quantity"
    amount: Answer
    unit: str
    product: Expr | None = None

    @property
    def canonical(self) -> str:
        """`5 cm`."""
        return f"{self.amount.canonical} {self.unit}"


@dataclass(frozen=True, slots=True)
class Tuple:
    """Ordered, in round or angle brackets. Two reals in round brackets may also be an open interval."""

    kind: ClassVar[str] = "tuple"
    items: tuple[Answer, ...]
    angled: bool = False

    @property
    def canonical(self) -> str:
        """`(1,2)`."""
        return "(" + ",".join(item.canonical for item in self.items) + ")"


@dataclass(frozen=True, slots=True)
class Bracketed:
    """Ordered, in square brackets. Two reals may also be a closed interval."""

    kind: ClassVar[str] = "bracketed"
    items: tuple[Answer, ...]

    @property
    def canonical(self) -> str:
        """`[1,2]`."""
        return "[" + ",".join(item.canonical for item in self.items) + "]"


@dataclass(frozen=True, slots=True)
class List:
    """Several values without brackets, in any order; `named` where each is an equation for its own name."""

    kind: ClassVar[str] = "list"
    items: tuple[Answer, ...]
    alternative: bool = False
    """The values were joined by 'or'."""

    @property
    def canonical(self) -> str:
        """`1, 2`, in the order written."""
        return ", ".join(item.canonical for item in self.items)


@dataclass(frozen=True, slots=True)
class Set:
    """A finite set."""

    kind: ClassVar[str] = "set"
    items: tuple[Answer, ...]

    @property
    def canonical(self) -> str:
        """`{1,2}`, members in the order written."""
        return "{" + ",".join(item.canonical for item in self.items) + "}"


@dataclass(frozen=True, slots=True)
class Interval:
    """The reals between two ends, either of which may be infinite."""

    low: Expr
    high: Expr
    low_closed: bool
    high_closed: bool

    def __str__(self) -> str:
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{left}{show(self.low)},{show(self.high)}{right}"


@dataclass(frozen=True, slots=True)
class Region:
    """A union of intervals and points of the real line, after removing `without`."""

    kind: ClassVar[str] = "intervals"
    parts: tuple[Interval, ...]
    without: tuple[Interval, ...] = ()
    variable: str | None = None
    """The name it was said of: x > 3. None: written as an interval."""

    @property
    def canonical(self) -> str:
        """`(-oo,-2) u (2,oo)`, parts in the order written."""
        text = " u ".join(map(str, self.parts)) or "{}"
        return text + "".join(f" \\ {part}" for part in self.without)


@dataclass(frozen=True, slots=True)
class Relation:
    """An equation or inequality, possibly chained: a < b < c."""

    kind: ClassVar[str] = "relation"
    sides: tuple[Answer, ...]
    signs: tuple[str, ...]
    """Each of = < > <= >= != ~ in :"""
    name: str | None = None
    """The single name on the left, where the relation says what it is: x = 3, f(x) = 2x, Area = 5."""

    @property
    def canonical(self) -> str:
        """`x=3`."""
        text = self.name or self.sides[0].canonical
        return text + "".join(s + side.canonical for s, side in zip(self.signs, self.sides[1:], strict=True))


@dataclass(frozen=True, slots=True)
class Family:
    """A value for every integer of a kind: pi/4 + k pi, k an integer."""

    kind: ClassVar[str] = "family"
    value: Answer
    letter: str
    domain: str
    """`integers`, `natural numbers`, `positive integers` …"""

    @property
    def canonical(self) -> str:
        """`2*k, k in integers`."""
        return f"{self.value.canonical}, {self.letter} in {self.domain}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows of entries; a column vector has rows of one."""

    kind: ClassVar[str] = "matrix"
    rows: tuple[tuple[Answer, ...], ...]

    @property
    def canonical(self) -> str:
        """`[[1,2],[3,4]]`."""
        return "[" + ",".join("[" + ",".join(e.canonical for e in row) + "]" for row in self.rows) + "]"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A function in pieces: values, each with the condition under which it holds; `otherwise` for all else."""

    kind: ClassVar[str] = "pieces"
    pieces: tuple[tuple[Answer, Answer], ...]

    @property
    def canonical(self) -> str:
        """`2*x if (1,oo); 1+x if otherwise`, in the order written."""
        return "; ".join(f"{value.canonical} if {condition.canonical}" for value, condition in self.pieces)


@dataclass(frozen=True, slots=True)
class Ratio:
    """a : b : c. `clock` where it could also be a time of day (3:45)."""

    kind: ClassVar[str] = "ratio"
    terms: tuple[Answer, ...]
    clock: str | None = None

    @property
    def canonical(self) -> str:
        """`2:3`."""
        return ":".join(term.canonical for term in self.terms)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a time of day, or both, as written: nothing is converted."""

    kind: ClassVar[str] = "moment"
    canonical: str


@dataclass(frozen=True, slots=True)
class BaseN:
    """An integer whose base is written: 1011_2."""

    kind: ClassVar[str] = "base_n"
    value: Rational
    digits: str
    base: int

    @property
    def canonical(self) -> str:
        """`1011_2`."""
        return f"{self.digits}_{self.base}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One or more option letters, upper case, sorted; `text` is the option's text if it was written."""

    kind: ClassVar[str] = "choice"
    letters: str
    text: str | None = None
    bare: bool = True
    """Nothing but the letter was written: it may be a variable or a word as well."""
    variable: Expr | None = None
    """The variable or constant that a bare letter may be."""

    @property
    def canonical(self) -> str:
        """`A,C`."""
        return ",".join(self.letters)


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `canonical` is without case, markup, and spaces at the ends."""

    kind: ClassVar[str] = "text"
    canonical: str
    atoms: str = ""
    """Where it is spelled as a chemical formula, that formula: Co is not CO."""


@dataclass(frozen=True, slots=True)
class Undefined:
    """Undefined, does not exist, no solution: what is said is kept apart."""

    kind: ClassVar[str] = "undefined"
    canonical: str
    source: str | None = None
    """The expression that has no value (0^0, 1/0). None: it was said in words."""


@dataclass(frozen=True, slots=True)
class Unread:
    """Looks like mathematics and was not understood, or is beyond a limit.

    Equal only to the very same text.
    """

    kind: ClassVar[str] = "unread"
    canonical: str
    reason: str
    """`not_understood` or `limits`."""
    detail: str
    integer: bool = False
    """An integer of more than MAX_DIGITS digits: known by its digits, and larger than all that are read."""


Answer = (
    Number
    | Decimal
    | Percent
    | Symbolic
    | Quantity
    | Tuple
    | Bracketed
    | List
    | Set
    | Region
    | Relation
    | Family
    | Matrix
    | Pieces
    | Ratio
    | Moment
    | BaseN
    | Choice
    | Text
    | Undefined
    | Unread
)
Scalar = Number | Decimal | Percent | Symbolic | BaseN
