"""Further ways to announce an answer in other languages."""

import pytest

from gradewire_extractors.locate import locate

ANNOUNCED = [
    ("Por tanto, el resultado final es 12.", "12"),
    ("Respuesta: x = 5", "x = 5"),
    ("Entonces hay 12 manzanas.", "12 manzanas"),
    ("En total hay 36 formas.", "36 formas"),
    ("Die Antwort ist B).", "B)"),
    ("Das Endergebnis ist 12.", "12"),
    ("Ergebnis: 12,5", "12,5"),
    ("Logo, x = 5.", "x = 5"),
    ("答案：A。因为 3 < 4。", "A"),
    ("本题选 B。", "B"),
    ("选 D", "D"),
    ("答案为A、C。", "A、C"),
    ("正确答案：ABD", "ABD"),
    ("答案是：A. 巴黎", "A. 巴黎"),
    ("答案是五。", "五"),
    ("答案是十二", "十二"),
    (r"所以答案是$\frac{3}{4}$，即 0.75。", r"\frac{3}{4}"),
    ("因此 $x=3$ 或 $x=5$。", "$x=3$ 或 $x=5$"),
    ("综上，$m$ 的取值范围是 $[1,2]$。", "[1,2]"),
    ("故 $a = 5$.", "a = 5"),
    ("所以小明还剩 5 个苹果。", "5 个苹果"),
    ("解：设 x 为苹果数。2x = 10，x = 5。答：有 5 个苹果。", "5 个苹果"),
    ("答えは5個です。", "5個"),
    (r"したがって、答えは $\frac{1}{2}$ となる。", r"\frac{1}{2}"),
    ("答え: B", "B"),
    ("最終答え：$12$", "12"),
    ("따라서, 정답은 $12$ 입니다.", "12"),
    ("답: 5개", "5개"),
    ("최종 답은 12이다", "12"),
    ("La respuesta correcta es B) París.", "B) París"),
    ("La solución es x=5.", "x=5"),
    ("La bonne réponse est la B.", "B"),
    ("La réponse est donc $x = 5$.", "x = 5"),
    ("Le résultat final est 12.", "12"),
    ("Donc la réponse est : 12", "12"),
    ("Die Lösung lautet x = 5.", "x = 5"),
    ("Insgesamt gibt es 36 Möglichkeiten.", "36 Möglichkeiten"),
    ("Antwort: 12 Äpfel", "12 Äpfel"),
    ("Ответ: 12 яблок.", "12 яблок"),
    ("Получаем ответ: 5.", "5"),
    ("Ответом является число 5.", "5"),
    ("Таким образом, x = 5.", "x = 5"),
    ("Верный ответ — B.", "B"),
    (r"ответ: $-\frac12$", r"-\frac12"),
    ("Ответ: нет решений", "нет решений"),
    ("A resposta correta é B.", "B"),
    ("O resultado final é 12.", "12"),
    ("A resposta é: 12 maçãs.", "12 maçãs"),
    ("الإجابة النهائية: 12", "12"),
    ("إذن، الإجابة هي ١٢.", "١٢"),
    ("الجواب: ب", "ب"),
    ("الناتج النهائي هو 12.", "12"),
    ("الإجابة الصحيحة: B", "B"),
    ("لذلك x = 5", "x = 5"),
    ("अतः उत्तर 12 है।", "12"),
    ("सही उत्तर: B", "B"),
    ("उत्तर: १२", "१२"),
    ("अंतिम उत्तर: $12$", "12"),
    ("सही विकल्प B है।", "B"),
    ("इसलिए, उत्तर है: 12", "12"),
]


@pytest.mark.parametrize(("response", "text"), ANNOUNCED)
def test_announced(response: str, text: str) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
