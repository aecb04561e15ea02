"""Programs that read words, lines and grids from standard input."""

from rows.code import CodeProblem as C

PROBLEMS = (
    C(
        "Print the input line reversed.",
        "print(input()[::-1])",
        (("abc\n", "cba\n"), ("a b\n", "b a\n"), ("Anna!\n", "!annA\n")),
        (("[::-1]", ""), ("input()", "input().lower()"), ("[::-1]", "[:0:-1]")),
        also_right=("print(''.join(reversed(input())))",),
    ),
    C(
        "Count the vowels (a, e, i, o, u in either case) of the line on stdin.",
        "print(sum(letter in 'aeiou' for letter in input().lower()))",
        (("Hello World\n", "3\n"), ("rhythm\n", "0\n"), ("AEIOU aeiou\n", "10\n")),
        ((".lower()", ""), ("aeiou", "aeio"), ("aeiou", "aeiouy ")),
    ),
    C(
        "Is the line a palindrome when spaces and case are ignored? Print True or False.",
        """
text = input().replace(' ', '').lower()
print(text == text[::-1])
""",
        (("Never odd or even\n", "True\n"), ("abca\n", "False\n"), ("x\n", "True\n")),
        ((".replace(' ', '')", ""), ("print(text == text[::-1])", "print(text[0] == text[-1])"), ("==", "is")),
    ),
    C(
        "Read words from one line and print them sorted alphabetically, one a line.",
        """
for word in sorted(input().split()):
    print(word)
""",
        (("pear apple fig\n", "apple\nfig\npear\n"), ("b a b\n", "a\nb\nb\n"), ("solo\n", "solo\n")),
        (("sorted(input().split())", "sorted(set(input().split()))"), ("sorted(input().split())", "input().split()")),
        also_right=("print('\\n'.join(sorted(input().split())))",),
    ),
    C(
        "Letter counts of a lower-case word: print `c:n` for each letter, in order of first appearance.",
        """
from collections import Counter

print(*[f'{c}:{n}' for c, n in Counter(input().strip()).items()])
""",
        (("banana\n", "b:1 a:3 n:2\n"), ("z\n", "z:1\n"), ("abcabc\n", "a:2 b:2 c:2\n")),
        ((".items()", ".most_common()"), ("{c}:{n}", "{n}:{c}"), ("print(*", "print(")),
    ),
    C(
        "Each input line is `name score`. Print the name with the highest score; the first one wins a tie.",
        """
import sys

best = None
for line in sys.stdin:
    name, score = line.split()
    if best is None or int(score) > best[1]:
        best = (name, int(score))
print(best[0])
""",
        (("ann 3\nbob 7\n", "bob\n"), ("x 9\ny 10\nz 10\n", "y\n"), ("only -1\n", "only\n")),
        (
            ("> best[1]", ">= best[1]"),
            ("best is None or int(score) > best[1]", "int(score) > best[1]"),
            ("best[0]", "best"),
        ),
    ),
    C(
        "Caesar cipher: line one is a shift (0 to 25), line two a text. Shift lower-case letters, keep the rest.",
        """
shift = int(input())
out = ''
for c in input():
    if 'a' <= c <= 'z':
        c = chr((ord(c) - 97 + shift) % 26 + 97)
    out += c
print(out)
""",
        (("3\nabc xyz\n", "def abc\n"), ("0\nHi, you\n", "Hi, you\n"), ("13\nnope 42\n", "abcr 42\n")),
        ((" % 26", ""), ("+ shift", "- shift"), ("    if 'a' <= c <= 'z':\n    ", "")),
    ),
    C(
        "A grid of '.' and '#' is given: first `rows columns`, then the rows. Print the number of '#'.",
        """
rows, columns = map(int, input().split())
print(sum(input().count('#') for _ in range(rows)))
""",
        (("2 3\n#.#\n.#.\n", "3\n"), ("1 1\n.\n", "0\n"), ("3 2\n##\n##\n##\n", "6\n")),
        (("range(rows)", "range(columns)"), ("count('#')", "count('.')"), ("range(rows)", "range(rows - 1)")),
    ),
    C(
        "Print `balanced` if the brackets ()[]{} of the line match, else `broken`. The line may be empty.",
        """
pairs = {')': '(', ']': '[', '}': '{'}
stack = []
good = True
for c in input():
    if c in '([{':
        stack.append(c)
    elif c in pairs:
        if not stack or stack.pop() != pairs[c]:
            good = False
print('balanced' if good and not stack else 'broken')
""",
        (
            ("([]{})\n", "balanced\n"),
            ("([)]\n", "broken\n"),
            (")(\n", "broken\n"),
            ("((\n", "broken\n"),
            ("\n", "balanced\n"),
        ),
        ((" and not stack", ""), ("stack.pop() != pairs[c]", "not stack.pop()"), ("not stack or ", "")),
    ),
    C(
        "Escribe un programa que lea una frase e imprima cuántas palabras tiene.",
        "print(len(input().split()))",
        (("hola mundo\n", "2\n"), ("  uno   dos tres \n", "3\n"), ("a\n", "1\n")),
        ((".split()", ".split(' ')"), ("len(input().split())", "input().count(' ') + 1"), (".split()", "")),
    ),
    C(
        "Run-length encode a non-empty string of letters: `aaab` becomes `a3b1`.",
        """
from itertools import groupby

print(''.join(f'{c}{len(list(g))}' for c, g in groupby(input().strip())))
""",
        (("aaab\n", "a3b1\n"), ("x\n", "x1\n"), ("abba\n", "a1b2a1\n")),
        (
            ("groupby(input().strip())", "groupby(sorted(input().strip()))"),
            ("len(list(g))", "len(g)"),
            ("''.join", "' '.join"),
        ),
    ),
    C(
        "Read lines until the end of input. Print each line with its number, like `1: text`.",
        """
import sys

for number, line in enumerate(sys.stdin, 1):
    print(f'{number}: {line.rstrip()}')
""",
        (("a\nb\n", "1: a\n2: b\n"), ("one line\n", "1: one line\n"), ("x\ny\nz\n", "1: x\n2: y\n3: z\n")),
        ((", 1)", ")"), ("enumerate(sys.stdin, 1)", "enumerate([input()], 1)"), ("{number}: ", "{number}:")),
    ),
    C(
        "Lire un mot et afficher `oui` si toutes ses lettres sont différentes, sinon `non`.",
        """
mot = input().strip()
print('oui' if len(set(mot)) == len(mot) else 'non')
""",
        (("monde\n", "oui\n"), ("elle\n", "non\n"), ("a\n", "oui\n")),
        (
            ("==", "!="),
            ("len(set(mot)) == len(mot)", "mot[0] not in mot[1:] and len(mot) > 1"),
            ("'oui' if", "'Oui' if"),
        ),
    ),
    C(
        "The line holds a sum such as `12+7+1` of non-negative integers. Print its value. Do not use eval.",
        "print(sum(map(int, input().split('+'))))",
        (("12+7+1\n", "20\n"), ("5\n", "5\n"), ("0+0\n", "0\n")),
        (("'+'", "' '"), ("sum(map(int, input().split('+')))", "'+'.join(input())"), ("map(int, ", "map(len, ")),
    ),
    C(
        "Transpose a matrix: the first line is `r c`, then come r lines with c integers each. Print c lines.",
        """
r, c = map(int, input().split())
grid = [input().split() for _ in range(r)]
for column in zip(*grid):
    print(*column)
""",
        (("2 3\n1 2 3\n4 5 6\n", "1 4\n2 5\n3 6\n"), ("1 1\n7\n", "7\n"), ("1 2\n8 9\n", "8\n9\n")),
        (("zip(*grid)", "grid"), ("print(*column)", "print(column)"), ("range(r)", "range(c)")),
    ),
)
