"""Functions about lists, strings and dictionaries."""

from rows.code import CodeProblem as C

PROBLEMS = (
    C(
        "`unique(items)` keeps the first of equal items, in order.",
        """
def unique(items):
    seen = []
    for item in items:
        if item not in seen:
            seen.append(item)
    return seen
""",
        ((([3, 1, 3, 2, 1],), [3, 1, 2]), (([],), []), ((["a", "a"],), ["a"])),
        (
            ("    return seen", "    return sorted(seen)"),
            ("if item not in seen", "if item in seen"),
            ("seen = []", "seen = [0]"),
        ),
        "unique",
        also_right=(
            """
def unique(items):
    return list(dict.fromkeys(items))
""",
        ),
    ),
    C(
        "Write `second_largest(numbers)`: the second largest *distinct* value, or None.",
        """
def second_largest(numbers):
    values = sorted(set(numbers))
    return values[-2] if len(values) > 1 else None
""",
        ((([1, 5, 5, 3],), 3), (([2, 2],), None), (([],), None), (([-1, -2],), -2)),
        (
            ("sorted(set(numbers))", "sorted(numbers)"),
            (" if len(values) > 1 else None", ""),
            ("values[-2]", "values[1]"),
        ),
        "second_largest",
    ),
    C(
        "Flatten one level: `flatten([[1, 2], [3]])` is `[1, 2, 3]`.",
        """
def flatten(lists):
    return [item for inner in lists for item in inner]
""",
        ((([[1, 2], [3]],), [1, 2, 3]), (([],), []), (([[], [[4]], []],), [[4]])),
        (
            ("[item for inner in lists for item in inner]", "lists[0] + lists[1]"),
            ("[item for inner in lists for item in inner]", "list(lists)"),
        ),
        "flatten",
        also_right=(
            """
from itertools import chain


def flatten(lists):
    return list(chain.from_iterable(lists))
""",
        ),
    ),
    C(
        "Rotate a list to the right by k steps (k may exceed its length, the list may be empty): `rotate(items, k)`.",
        """
def rotate(items, k):
    if not items:
        return []
    k %= len(items)
    return items[-k:] + items[:-k]
""",
        ((([1, 2, 3, 4], 1), [4, 1, 2, 3]), (([1, 2], 5), [2, 1]), (([], 3), []), (([7, 8, 9], 0), [7, 8, 9])),
        (
            ("    k %= len(items)\n", ""),
            ("items[-k:] + items[:-k]", "items[k:] + items[:k]"),
            ("    if not items:\n        return []\n", ""),
        ),
        "rotate",
    ),
    C(
        "`count_words(text)` maps each lower-cased word to how often it occurs. Words are separated by whitespace.",
        """
def count_words(text):
    counts = {}
    for word in text.lower().split():
        counts[word] = counts.get(word, 0) + 1
    return counts
""",
        ((("The cat the hat",), {"the": 2, "cat": 1, "hat": 1}), (("",), {}), (("a  a\nb",), {"a": 2, "b": 1})),
        ((".lower()", ""), ("counts.get(word, 0) + 1", "counts[word] + 1"), (".split()", ".split(' ')")),
        "count_words",
    ),
    C(
        "Binary search: `find(sorted_numbers, x)` returns an index of x (all numbers differ), or -1.",
        """
def find(sorted_numbers, x):
    low, high = 0, len(sorted_numbers) - 1
    while low <= high:
        middle = (low + high) // 2
        if sorted_numbers[middle] == x:
            return middle
        if sorted_numbers[middle] < x:
            low = middle + 1
        else:
            high = middle - 1
    return -1
""",
        ((([1, 3, 5, 7], 7), 3), (([1, 3, 5, 7], 4), -1), (([], 1), -1), (([2], 2), 0)),
        (("low <= high", "low < high"), ("low = middle + 1", "low = middle"), ("return -1", "return None")),
        "find",
    ),
    C(
        "`merge(a, b)` merges two sorted lists into one sorted list.",
        """
def merge(a, b):
    return sorted(a + b)
""",
        ((([1, 4], [2, 3]), [1, 2, 3, 4]), (([], [5]), [5]), (([1, 1], [1]), [1, 1, 1])),
        (("sorted(a + b)", "a + b"), ("sorted(a + b)", "sorted(set(a + b))"), ("sorted(a + b)", "(a + b).sort()")),
        "merge",
    ),
    C(
        "Return the longest word of a sentence; the first one if several are equally long: `longest(sentence)`.",
        """
def longest(sentence):
    return max(sentence.split(), key=len)
""",
        ((("to be or not",), "not"), (("aa bb c",), "aa"), (("one",), "one")),
        ((", key=len", ""), ("sentence.split()", "reversed(sentence.split())"), ("sentence.split()", "sentence")),
        "longest",
    ),
    C(
        "Écris `initiales(nom)` : les initiales en majuscules, suivies chacune d'un point.",
        """
def initiales(nom):
    return ''.join(mot[0].upper() + '.' for mot in nom.split())
""",
        ((("ada lovelace",), "A.L."), (("Alan",), "A."), (("jean  le rond",), "J.L.R.")),
        ((".upper()", ""), ("nom.split()", "nom.split(' ')"), ("+ '.'", "")),
        "initiales",
    ),
    C(
        "Chunk a list: `chunks(items, size)` gives consecutive pieces of that size; the last may be shorter.",
        """
def chunks(items, size):
    return [items[i : i + size] for i in range(0, len(items), size)]
""",
        ((([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]]), (([], 3), []), (([1, 2], 5), [[1, 2]])),
        (
            ("range(0, len(items), size)", "range(0, len(items) - 1, size)"),
            ("i + size", "size"),
            ("range(0, len(items), size)", "range(size)"),
        ),
        "chunks",
    ),
    C(
        "`two_sum(numbers, target)`: indices [i, j] with i < j of the only pair that adds up to target.",
        """
def two_sum(numbers, target):
    seen = {}
    for j, number in enumerate(numbers):
        if target - number in seen:
            return [seen[target - number], j]
        seen[number] = j
""",
        ((([2, 7, 11], 9), [0, 1]), (([3, 3], 6), [0, 1]), (([1, 5, -4, 8], 4), [2, 3])),
        (
            ("[seen[target - number], j]", "[j, seen[target - number]]"),
            ("enumerate(numbers)", "enumerate(sorted(numbers))"),
            ("[seen[target - number], j]", "[target - number, number]"),
        ),
        "two_sum",
    ),
    C(
        "Write `is_anagram(a, b)`; ignore case and spaces.",
        """
def is_anagram(a, b):
    def letters(text):
        return sorted(text.replace(' ', '').lower())

    return letters(a) == letters(b)
""",
        ((("Dormitory", "dirty room"), True), (("abc", "abd"), False), (("aab", "abb"), False)),
        ((".lower()", ""), ("sorted(", "set("), (".replace(' ', '')", "")),
        "is_anagram",
    ),
    C(
        "`invert(mapping)` swaps keys and values of a dictionary whose values are all different strings.",
        """
def invert(mapping):
    return {value: key for key, value in mapping.items()}
""",
        ((({"a": "x", "b": "y"},), {"x": "a", "y": "b"}), (({},), {}), (({"k": "k"},), {"k": "k"})),
        (
            ("value: key for", "key: value for"),
            (".items()", ""),
            ("{value: key for key, value in mapping.items()}", "mapping.values()"),
        ),
        "invert",
    ),
    C(
        "リストの中で最も長く続く同じ値の個数を返す関数 `longest_run(items)` を書いてください。空なら 0。",
        """
def longest_run(items):
    best = run = 0
    previous = object()
    for item in items:
        run = run + 1 if item == previous else 1
        previous = item
        best = max(best, run)
    return best
""",
        ((([1, 1, 2, 2, 2],), 3), (([],), 0), (([5],), 1), (([1, 2, 1, 2],), 1)),
        (
            ("        best = max(best, run)\n    return best", "    return run"),
            ("best = run = 0", "best = run = 2"),
            ("else 1", "else 0"),
        ),
        "longest_run",
    ),
    C(
        "Write a function `snake(name)` that turns camelCase into snake_case.",
        """
def snake(name):
    return ''.join('_' + c.lower() if c.isupper() else c for c in name)
""",
        ((("camelCase",), "camel_case"), (("already",), "already"), (("aBcD",), "a_bc_d")),
        (("'_' + c.lower()", "'_' + c"), ("'_' + c.lower()", "c.lower()"), ("c.isupper()", "c.islower()")),
        "snake",
    ),
    C(
        "Implement `border_sum(grid)`: the sum of the cells on the border of a rectangular grid of integers.",
        """
def border_sum(grid):
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    return sum(
        cell
        for i, row in enumerate(grid)
        for j, cell in enumerate(row)
        if i in (0, last_row) or j in (0, last_column)
    )
""",
        ((([[1, 2], [3, 4]],), 10), (([[1, 1, 1], [1, 9, 1], [1, 1, 1]],), 8), (([[7]],), 7)),
        ((" or ", " and "), ("(0, last_row)", "(0,)"), ("len(grid[0]) - 1", "len(grid[0])")),
        "border_sum",
    ),
)
