r"""The many ways in which one number is written: .05, 1/20, \frac{1}{20}, 5E-02, 5 x 10^-2, 5%.

Every form here is exact. Rounded numbers are other numbers, and are made where wrong answers are made.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Written:
    """A number or an expression, ready to be put into running text, and into a LaTeX box."""

    plain: str
    tex: str

    @classmethod
    def both(cls, text: str) -> "Written":
        """Text that is at home in both places."""
        return cls(text, text)

    @classmethod
    def latex(cls, tex: str) -> "Written":
        """LaTeX, which running text puts between dollars."""
        return cls(f"${tex}$", tex)


def decimal_of(value: Fraction) -> Decimal | None:
    """The decimal that is exactly `value`, or None when its digits never end, or are more than twelve."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    decimal = Decimal(value.numerator) / Decimal(value.denominator)
    return decimal if len(decimal.as_tuple().digits) <= 12 else None


def _integer_forms(number: int) -> list[Written]:
    forms = [Written.both(str(number)), Written.both(str(number)), Written.latex(str(number))]
    if abs(number) < 10_000:
        forms.append(Written.both(f"{number}.0"))
    if abs(number) >= 1000:
        forms += [Written.both(f"{number:,}"), Written(f"{number:,}", f"{number:,}".replace(",", "{,}"))]
    if abs(number) >= 10_000 and number % 1000 == 0:
        forms += _scientific_forms(Decimal(number))
    return forms


def _scientific_forms(decimal: Decimal) -> list[Written]:
    digits = decimal.normalize().as_tuple().digits
    exponent = decimal.adjusted()
    mantissa = ("-" if decimal < 0 else "") + str(digits[0])
    if len(digits) > 1:
        mantissa += "." + "".join(map(str, digits[1:]))
    return [
        Written.both(f"{mantissa}e{exponent}"),
        Written.both(f"{mantissa}E{exponent:+03d}"),
        Written.both(f"{mantissa} x 10^{exponent}"),
        Written(f"{mantissa} × 10^{exponent}", rf"{mantissa} \times 10^{{{exponent}}}"),
        Written.latex(rf"{mantissa}\times10^{{{exponent}}}"),
        Written.latex(rf"{mantissa} \cdot 10^{{{exponent}}}"),
    ]


def _decimal_forms(decimal: Decimal) -> list[Written]:
    text = f"{decimal:f}"
    forms = [Written.both(text), Written.latex(text), Written.both(text + "0")]
    if abs(decimal) < 1:
        forms.append(Written.both(text.replace("0.", ".", 1)))
        percent = f"{(decimal * 100).normalize():f}"
        forms += [Written(f"{percent}%", rf"{percent}\%"), Written(f"{percent} %", rf"{percent}\,\%")]
    if decimal < 0:
        forms.append(Written(text.replace("-", "−"), text))
    if abs(decimal) < Decimal("0.1"):
        forms += _scientific_forms(decimal)
    return forms


def _fraction_forms(value: Fraction) -> list[Written]:
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    forms = [
        Written.both(f"{sign}{top}/{bottom}"),
        Written.latex(rf"{sign}\frac{{{top}}}{{{bottom}}}"),
        Written.latex(rf"{sign}\dfrac{{{top}}}{{{bottom}}}"),
        Written.both(f"{sign}{2 * top}/{2 * bottom}"),
    ]
    if top < 10 and bottom < 10:
        forms.append(Written.latex(rf"{sign}\frac{top}{bottom}"))
    if top > bottom:
        whole, rest = divmod(top, bottom)
        forms += [
            Written(f"{sign}{whole} {rest}/{bottom}", rf"{sign}{whole} \frac{{{rest}}}{{{bottom}}}"),
            Written.latex(rf"{sign}{whole}\frac{{{rest}}}{{{bottom}}}"),
        ]
    return forms


def forms_of(value: Fraction) -> list[Written]:
    """Exact ways to write `value`, the most usual ones first; never empty."""
    if value.denominator == 1:
        return _integer_forms(value.numerator)
    decimal = decimal_of(value)
    fractions = _fraction_forms(value) if value.denominator <= 10_000 else []
    return fractions + (_decimal_forms(decimal) if decimal is not None else [])


def value_of(text: str) -> Fraction:
    r"""Read a reference of this data set (3/4, -0.5, 5%, 1,234, \frac{1}{20}, 5 \times 10^{-2}) independently of
    how it was computed. Raises ValueError for anything else."""
    text = text.strip("$").replace(",", "").replace(" ", "")
    if text.endswith("%"):
        return Fraction(text.rstrip("\\%")) / 100
    if r"\times10^" in text:
        mantissa, exponent = text.split(r"\times10^")
        return Fraction(mantissa) * Fraction(10) ** int(exponent.strip("{}"))
    sign = -1 if text.startswith("-") else 1
    if text.lstrip("-").startswith(r"\frac{"):
        top, bottom = text.lstrip("-").removeprefix(r"\frac{").removesuffix("}").split("}{")
        return sign * Fraction(int(top), int(bottom))
    return Fraction(text)
