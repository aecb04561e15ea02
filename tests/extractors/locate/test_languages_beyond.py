"""Denials, questions, refusals, headings and conclusions in other languages than English."""

import pytest

from gradewire_extractors.locate import locate

SILENT_ABROAD = [
    "उत्तर 5 नहीं है।",
    "答えは5ではない。",
    "答えは5ではありません。",
    "답은 5가 아닙니다.",
    "الجواب ليس 5.",
    "答案不是 5",
    "A resposta não é 5.",
    "3+4等于多少？",
    "求 3+4 的值。",
    "计算 3+4。",
    "Calcula 3 + 4.",
    "¿Cuánto es 3+4?",
    "Combien font 3 + 4 ?",
    "Calculez 3 + 4.",
    "Berechne 3 + 4.",
    "Was ist 3+4?",
    "Найдите 3+4.",
    "Чему равно 3+4?",
    "3+4はいくつですか？",
    "3+4는 얼마입니까?",
    "Quanto é 3+4?",
    "ما هو 3+4؟",
    "3+4 कितना होता है?",
    "我不知道答案。",
    "抱歉，我无法回答 5。",
    "No sé la respuesta.",
    "Je ne sais pas.",
    "Ich weiß es nicht.",
    "わかりません。",
    "답을 모르겠습니다.",
    "لا أعرف الجواب.",
    "我们需要计算 3+4 的值，然后",
    "因此，我们得到方程 2x = 8，接下来",
    "所以",
    "答案是",
    "答案：",
    "La respuesta es",
    "Respuesta:",
    "La réponse est",
    "Die Antwort ist",
    "答えは",
    "정답:",
    "Ответ:",
    "A resposta é",
    "الجواب هو",
    "उत्तर:",
    "设 x = 5。",
    "Sea x = 5.",
    "Soit x = 5.",
    "Sei x = 5.",
    "Пусть x = 5.",
]

EITHER_OR = [
    ("答案是3或者4。", "3或者4"),
    ("La respuesta es 3 o 4.", "3 o 4"),
    ("Ответ: 3 или 4", "3 или 4"),
    ("答えは3または4です。", "3または4"),
    ("답은 3 또는 4입니다.", "3 또는 4"),
    ("الجواب هو 3 أو 4.", "3 أو 4"),
    ("उत्तर 3 या 4 है।", "3 या 4"),
    ("A resposta é 3 ou 4.", "3 ou 4"),
    ("Die Antwort ist 3 oder 4.", "3 oder 4"),
    ("La réponse est 3 ou 4.", "3 ou 4"),
    ("Die Antwort ist entweder 3 oder 4.", "entweder 3 oder 4"),
]

SAID_ABROAD = [
    ("因此 $x$ 等于 $5$。", "5"),
    ("所以总共有12个。", "12个"),
    ("x的值是5。", "5"),
    ("于是得到 $a = 3$。", "a = 3"),
    ("Luego x = 5.", "x = 5"),
    ("Así que x = 5.", "x = 5"),
    ("Ainsi, x = 5.", "x = 5"),
    ("Somit ist $x = 5$.", "x = 5"),
    ("Damit gilt $x = 5$.", "x = 5"),
    ("Значит, $x = 5$.", "x = 5"),
    ("Итак, $x = 5$.", "x = 5"),
    ("ゆえに $x = 5$ である。", "x = 5"),
    ("그러므로 $x = 5$ 이다.", "x = 5"),
    ("따라서 $x = 5$입니다.", "x = 5"),
    ("Assim, $x = 5$.", "x = 5"),
    ("وبالتالي $x = 5$.", "x = 5"),
    ("इसलिए $x = 5$ है।", "x = 5"),
    ("इसलिए x = 5.", "x = 5"),
    ("**答案：** 5", "5"),
    ("**Respuesta:** 5", "5"),
    ("**Respuesta final:** $5$", "5"),
    ("**Réponse finale :** 5", "5"),
    ("**Endgültige Antwort:** 5", "5"),
    ("**Ответ:** 5", "5"),
    ("**答え:** 5", "5"),
    ("**정답:** 5", "5"),
    ("**Resposta final:** 5", "5"),
    ("**الإجابة:** 5", "5"),
    ("**उत्तर:** 5", "5"),
    ("### 答案\n5", "5"),
    ("### 最终答案\n\n$$5$$", "5"),
    ("## Respuesta\n\n5", "5"),
    (r"最终答案：\(5\)", "5"),
    ("### Ответ\n\n5", "5"),
    ("La respuesta correcta es la opción C.", "C"),
    ("La réponse correcte est C) 12.", "C) 12"),
    ("Die richtige Antwort ist C.", "C"),
    ("正解は(C)です。", "(C)"),
    ("정답은 C입니다.", "C"),
    ("Правильный ответ: C) 12", "C) 12"),
    ("A alternativa correta é a letra C.", "C"),
    ("الإجابة الصحيحة هي C.", "C"),
    ("正确答案是 C。", "C"),
    ("正确答案是C选项。", "C"),
    ("答案是5厘米。", "5厘米"),
    ("La respuesta es 5 cm.", "5 cm"),
    ("Die Antwort ist 5 cm.", "5 cm"),
    ("Ответ: 5 см.", "5 см"),
    ("La respuesta es 3,5.", "3,5"),
    ("Die Antwort lautet: $3{,}5$", "3{,}5"),
    ("La réponse est $3{,}5$.", "3{,}5"),
    ("Die Antwort ist 34, weil 30+4=34.", "34"),
    ("La respuesta es 34 porque 30+4=34.", "34"),
    ("Ответ: 34, потому что 30+4=34.", "34"),
    ("La réponse est 34, car 30+4=34.", "34"),
    ("答案是34，因为30+4=34。", "34"),
]


@pytest.mark.parametrize("response", SILENT_ABROAD)
def test_silent_abroad(response: str) -> None:
    assert locate(response).text is None


@pytest.mark.parametrize(("response", "text"), EITHER_OR)
def test_either_or(response: str, text: str) -> None:
    found = locate(response)
    assert found.text == text
    assert found.hedged


@pytest.mark.parametrize(("response", "text"), SAID_ABROAD)
def test_said_abroad(response: str, text: str) -> None:
    found = locate(response)
    assert found.text == text
    assert not found.hedged
