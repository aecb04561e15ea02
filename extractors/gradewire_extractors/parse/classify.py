"""Syntax to typed answers: which pair is an interval, which chain is a name, what ± stands for."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from gradewire_extractors.parse.exact import divides_by_zero, rational
from gradewire_extractors.parse.limits import MAX_ITEMS, LimitExceededError, NotUnderstoodError
from gradewire_extractors.parse.nodes import Const, Expr, Num, Op, Sym, heads, negate, symbols
from gradewire_extractors.parse.prose import canonical_text
from gradewire_extractors.parse.special import looks_like_clock, read_undefined
from gradewire_extractors.parse.syntax import Chain, Group, Measured, Node, Words
from gradewire_extractors.parse.types import (
    Answer,
    BaseN,
    Bracketed,
    Interval,
    List,
    Matrix,
    Number,
    Percent,
    Quantity,
    Ratio,
    Region,
    Relation,
    Set,
    Symbolic,
    Text,
    Tuple,
    Undefined,
)

_OO = Const("oo")
_MINUS_OO = negate(_OO)
_DOMAINS = {"Z": "integers", "N": "natural numbers", "Q": "rational numbers", "C": "complex numbers"}
_DOTS = Text("dots")
_FLIP = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!=", "~": "~"}


def classify(node: Node, text: str) -> Answer:
    """The typed answer of a syntax tree; `text` is what it was read from."""
    if isinstance(node, Expr):
        return scalar(node)
    if node == Words("..."):
        return _DOTS
    if isinstance(node, Words):
        return read_undefined(canonical_text(node.text)) or Text(canonical_text(node.text))
    if isinstance(node, Measured):
        return _measured(node)
    if isinstance(node, Chain):
        return _chain(node)
    return _group(node, text)


def scalar(expr: Expr) -> Answer:
    """A number where it is one exactly; ± gives a list of two."""
    if isinstance(expr, Op):
        if expr.head == "percent":
            value = rational(expr.args[0])
            if value is not None:
                return Percent(Fraction(value) / 100)
        if expr.head == "base":
            number, base, digits = expr.args
            assert isinstance(number, Num) and isinstance(base, Num) and isinstance(digits, Sym)  # noqa: PT018
            return BaseN(number.value, digits.name.lstrip("0") or "0", int(base.value))
        if expr.head == "deg":
            return Quantity(scalar(expr.args[0]), "deg")
        used = heads(expr)
        if "pm" in used or "mp" in used:
            return List((scalar(_signed(expr, "pm")), scalar(_signed(expr, "mp"))))
        if expr.head == "mul" and expr.args[0] == Num(-1) and isinstance(expr.args[1], Op):
            inner = expr.args[1]
            if inner.head in ("deg", "percent"):
                return scalar(Op(inner.head, (negate(inner.args[0]),)))
    exact = rational(expr)
    if exact is not None:
        return Number(exact)
    return Undefined("undefined") if divides_by_zero(expr) else Symbolic(expr)


def _signed(expr: Expr, plus: str) -> Expr:
    """The expression with ± read as + (`plus` = pm) or as − (`plus` = mp), and ∓ the other way."""
    if not isinstance(expr, Op):
        return expr
    args = tuple(_signed(arg, plus) for arg in expr.args)
    if expr.head in ("pm", "mp"):
        right = args[1] if expr.head == plus else negate(args[1])
        return right if args[0] == Num(0) else Op("add", (args[0], right))
    return Op(expr.head, args)


def _measured(node: Measured) -> Answer:
    if node.unit == "percent":
        return scalar(Op("percent", (node.amount,)))
    amount = scalar(node.amount)
    if isinstance(amount, List):
        return List(tuple(Quantity(item, node.unit) for item in amount.items))
    return Quantity(amount, node.unit, node.product)


# -- groups


def _group(node: Group, text: str) -> Answer:
    head = node.head
    if head in ("seq", "and", "or"):
        return _listed(node, text)
    if head == "domain" and node.items != (Words("R"),):
        return Text(_DOMAINS[_domain(node)])
    if head in ("cup", "cap", "setminus", "(]", "[)", "][", "domain"):
        return _region(node)
    if head == "where":
        return _builder(node)
    if head == "matrix":
        rows = []
        for row in node.items:
            assert isinstance(row, Group)
            rows.append(tuple(classify(entry, text) for entry in row.items))
        return Matrix(tuple(rows))
    items = tuple(classify(item, text) for item in node.items)
    if head == "ratio":
        return Ratio(items, text if looks_like_clock(text) else None)
    if head in ("tuple", "angled"):
        if any(_is_infinite(item) for item in node.items) and len(items) == 2:
            return _region(node)
        return Tuple(items, angled=head == "angled")
    if head == "bracketed":
        return Bracketed(items)
    assert head == "set", head
    flat: list[Answer] = []
    for item in items:
        flat.extend(item.items if isinstance(item, List) else (item,))
    return Set(tuple(_written_out(flat)))


def _is_infinite(node: Node) -> bool:
    return node in (_OO, _MINUS_OO)


def _listed(node: Group, text: str) -> Answer:
    regions = [_as_inequality(item) for item in node.items]
    if node.head in ("or", "and") and all(region is not None for region in regions):
        found = [region for region in regions if region is not None]
        if len({region.variable for region in found}) == 1:
            if node.head == "or" and not any(region.without for region in found):
                return Region(tuple(p for region in found for p in region.parts), variable=found[0].variable)
            if node.head == "and" and not any(region.without for region in found):
                both = _intersection(found)
                if both is not None:
                    return both
            if node.head == "and" and any(region.without for region in found):
                return Region(
                    found[0].parts if not found[0].without else found[-1].parts,
                    tuple(w for region in found for w in region.without),
                    found[0].variable,
                )
    items: list[Answer] = []
    name: str | None = None
    for item in node.items:
        answer = classify(item, text)
        # x = 2, 5 and x = 2 or 5: the name is said once.
        if isinstance(answer, Relation) and answer.name and answer.signs == ("=",):
            name = answer.name
        elif name is not None and isinstance(answer, Number | Symbolic | Percent | Tuple):
            answer = Relation((Text(name), answer), ("=",), name)
        if isinstance(answer, List):
            items.extend(answer.items)
        else:
            items.append(answer)
    return List(tuple(_same_unit(_written_out(items))), alternative=node.head == "or")


def _written_out(items: list[Answer]) -> list[Answer]:
    """1, 2, ..., 10 with its middle, where the integers around the dots are evenly spaced."""
    for index, item in enumerate(items):
        if item != _DOTS or not 0 < index < len(items) - 1:
            continue
        around = [i.value for i in (*items[:index], items[index + 1]) if isinstance(i, Number)]
        values = [value for value in around if isinstance(value, int)]
        if len(values) != index + 1:
            continue
        step = values[1] - values[0] if index > 1 else 1
        last, end = values[-2], values[-1]
        even = all(b - a == step for a, b in pairwise(values[:-1]))
        if (
            step > 0
            and even
            and end > last
            and (end - last) % step == 0
            and (end - last) // step <= MAX_ITEMS
        ):
            middle: list[Answer] = [Number(value) for value in range(last + step, end, step)]
            return _written_out([*items[:index], *middle, *items[index + 1 :]])
    if len(items) > MAX_ITEMS:
        raise LimitExceededError(f"more than {MAX_ITEMS} items")
    return items


def _intersection(regions: list[Region]) -> Region | None:
    """x > 1 and x < 3: a half-line from each side; None for anything else."""
    lows = [r.parts[0] for r in regions if len(r.parts) == 1 and r.parts[0].high == _OO]
    highs = [r.parts[0] for r in regions if len(r.parts) == 1 and r.parts[0].low == _MINUS_OO]
    if len(regions) != 2 or len(lows) != 1 or len(highs) != 1:
        return None
    low, high = lows[0], highs[0]
    return Region((Interval(low.low, high.high, low.low_closed, high.high_closed),), (), regions[0].variable)


def _same_unit(items: list[Answer]) -> list[Answer]:
    """3 and 4 cm: the unit is said once, at the end."""
    last = items[-1]
    if isinstance(last, Quantity) and all(isinstance(i, Number | Symbolic) for i in items[:-1]):
        return [*(Quantity(i, last.unit) for i in items[:-1]), last]
    return items


# -- regions of the real line


def _region(node: Node, variable: str | None = None) -> Region:
    """Intervals, unions of them, and finite sets within a union, as a region of the real line."""
    if not isinstance(node, Group):
        raise NotUnderstoodError("a union with something that is no set")
    if node.head == "cup":
        left, right = _region(node.items[0]), _region(node.items[1])
        if left.without or right.without:
            raise NotUnderstoodError("a union after a difference")
        return Region(left.parts + right.parts, (), variable)
    if node.head == "setminus":
        left, right = _region(node.items[0]), _region(node.items[1])
        return Region(left.parts, left.without + right.parts, variable)
    if node.head == "domain":
        word = node.items[0]
        assert isinstance(word, Words)
        if word.text != "R":
            raise NotUnderstoodError(f"the set {word.text} as a part of the real line")
        return Region((Interval(_MINUS_OO, _OO, False, False),), (), variable)
    if node.head == "set":
        points: list[Expr] = []
        for item in node.items:
            answer = scalar(item) if isinstance(item, Expr) else None
            if isinstance(answer, List) and isinstance(item, Expr):
                points.extend((_signed(item, "pm"), _signed(item, "mp")))
            elif isinstance(item, Expr):
                points.append(item)
            else:
                raise NotUnderstoodError("a union with something that is no number")
        return Region(tuple(Interval(p, p, True, True) for p in points), (), variable)
    closed = {"tuple": "()", "bracketed": "[]", "(]": "(]", "[)": "[)", "][": "()"}.get(node.head)
    if closed is None or len(node.items) != 2:
        raise NotUnderstoodError("an interval without two ends")
    low, high = node.items
    if not isinstance(low, Expr) or not isinstance(high, Expr):
        raise NotUnderstoodError("an interval whose ends are no numbers")
    return Region((Interval(low, high, closed[0] == "[", closed[1] == "]"),), (), variable)


def region_of_pair(answer: Tuple | Bracketed) -> Region | None:
    """The interval that a bracketed pair may be; None where it cannot be one."""
    if len(answer.items) != 2 or (isinstance(answer, Tuple) and answer.angled):
        return None
    ends = [expr_of(item) for item in answer.items]
    low, high = ends
    if low is None or high is None:
        return None
    closed = isinstance(answer, Bracketed)
    return Region((Interval(low, high, closed, closed),))


def expr_of(answer: Answer) -> Expr | None:
    """The expression of a scalar answer."""
    if isinstance(answer, Number | Percent | BaseN):
        return Num(answer.value)
    if isinstance(answer, Symbolic):
        return answer.expr
    value = getattr(answer, "value", None)
    return Num(value) if isinstance(value, int | Fraction) else None


def _as_inequality(node: Node) -> Region | None:
    """x > 3, 1 < x <= 5, |x| < 2, x != 0: the region they describe; None for anything else."""
    if not isinstance(node, Chain) or "in" in node.signs or "~" in node.signs:
        return None
    if not all(isinstance(side, Expr) for side in node.sides):
        return None
    sides = [side for side in node.sides if isinstance(side, Expr)]
    if len(sides) == 3:
        low, middle, high = sides
        signs = node.signs
        if signs[0][0] == ">" and signs[1][0] == ">":
            low, high, signs = high, low, (_FLIP[signs[1]], _FLIP[signs[0]])
        if signs[0][0] != "<" or signs[1][0] != "<" or not isinstance(middle, Sym):
            return None
        if symbols(low) or symbols(high):
            return None
        return Region((Interval(low, high, signs[0] == "<=", signs[1] == "<="),), (), middle.name)
    if len(sides) != 2:
        return None
    left, right, sign = sides[0], sides[1], node.signs[0]
    if symbols(left) == frozenset() and symbols(right):
        left, right, sign = right, left, _FLIP[sign]
    if symbols(right):
        return None
    if isinstance(left, Sym):
        return _half_line(left.name, sign, right)
    if isinstance(left, Op) and left.head == "abs" and isinstance(left.args[0], Sym):
        return _around_zero(left.args[0].name, sign, right)
    return None


def _half_line(name: str, sign: str, end: Expr) -> Region | None:
    if sign in ("<", "<="):
        return Region((Interval(_MINUS_OO, end, False, sign == "<="),), (), name)
    if sign in (">", ">="):
        return Region((Interval(end, _OO, sign == ">=", False),), (), name)
    if sign == "!=":
        return Region((Interval(_MINUS_OO, _OO, False, False),), (Interval(end, end, True, True),), name)
    return None


def _around_zero(name: str, sign: str, bound: Expr) -> Region | None:
    value = rational(bound)
    if value is None or value <= 0:
        return None
    if sign in ("<", "<="):
        closed = sign == "<="
        return Region((Interval(negate(bound), bound, closed, closed),), (), name)
    if sign in (">", ">="):
        closed = sign == ">="
        below, above = Interval(_MINUS_OO, negate(bound), False, closed), Interval(bound, _OO, closed, False)
        return Region((below, above), (), name)
    return None


# -- relations


def _chain(node: Chain) -> Answer:
    region = _as_inequality(node)
    if region is not None:
        return region
    if node.signs == ("in",):
        return _member(node)
    sides = tuple(_side(side) for side in node.sides)
    name = node.name
    if (
        name is None
        and node.signs == ("=",)
        and isinstance(node.sides[1], Sym)
        and not isinstance(node.sides[0], Sym)
    ):
        # 3 = x: the name may stand on the right.
        return Relation((Text(node.sides[1].name), sides[0]), ("=",), node.sides[1].name)
    return Relation(sides, node.signs, name)


def _side(node: Node) -> Answer:
    return classify(node, "")


def _member(node: Chain) -> Answer:
    left, right = node.sides
    variable = left.name if isinstance(left, Sym) else None
    if isinstance(right, Group):
        if right.head == "set":
            return _group(right, "")
        if right.head in ("domain", "cup", "setminus", "(]", "[)", "][", "tuple", "bracketed") and variable:
            return _region(right, variable)
    return Relation((_side(left), _side(right)), ("in",))


def _domain(node: Node) -> str:
    word = node.items[0] if isinstance(node, Group) and node.head == "domain" else None
    if not isinstance(word, Words):
        raise NotUnderstoodError("a set within another")
    return word.text


def _builder(node: Group) -> Answer:
    """{x | x > 3}, {x : x = 1 or x = 6}."""
    first, condition = node.items
    variable = first.name if isinstance(first, Sym) else None
    domain = "R"
    if isinstance(first, Chain) and first.signs == ("in",) and isinstance(first.sides[0], Sym):
        variable = first.sides[0].name
        domain = _domain(first.sides[1])
    if variable is None:
        raise NotUnderstoodError("a set whose members are not named")
    answer = classify(condition, "")
    if isinstance(answer, Region) and answer.variable == variable:
        region = Region(answer.parts, answer.without)
        return region if domain == "R" else Text(f"{_DOMAINS[domain]} in {region.canonical}")
    listed = answer.items if isinstance(answer, List) else (answer,)
    members: list[Answer] = []
    for item in listed:
        if not isinstance(item, Relation) or item.name != variable or item.signs != ("=",):
            raise NotUnderstoodError("a condition that is not solved")
        members.append(item.sides[1])
    return Set(tuple(members))
