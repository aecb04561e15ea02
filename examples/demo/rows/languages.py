"""Voices in languages other than English. The decimal point stays a point: what a comma means is a policy."""

import random

from rows.forms import Written

PHRASES: dict[str, tuple[str, ...]] = {
    "de": ("Die Antwort ist {a}.", "Also lautet die Antwort {a}.", "Antwort: {a}"),
    "fr": ("La réponse est {a}.", "Donc la réponse finale est {a}.", "Réponse : {a}"),
    "es": ("La respuesta es {a}.", "Por lo tanto, la respuesta es {a}.", "Respuesta: {a}"),
    "it": ("La risposta è {a}.", "Quindi la risposta è {a}.", "Risposta: {a}"),
    "pt": ("A resposta é {a}.", "Portanto, a resposta é {a}.", "Resposta: {a}"),
    "nl": ("Het antwoord is {a}.", "Antwoord: {a}"),
    "pl": ("Odpowiedź: {a}", "Odpowiedź to {a}."),
    "ru": ("Ответ: {a}", "Ответ: {a}."),
    "tr": ("Cevap: {a}", "Cevap {a}."),
    "zh": ("答案是{a}。", "所以答案是 {a}。", "答案：{a}"),
    "ja": ("答えは{a}です。", "したがって、答えは {a} です。", "答え：{a}"),
    "ko": ("정답은 {a}입니다.", "답: {a}"),
    "hi": ("उत्तर: {a}", "सही उत्तर {a} है।"),
    "ar": ("الجواب هو {a}", "الإجابة: {a}"),
}

REFUSALS: dict[str, str] = {
    "de": "Dabei kann ich leider nicht helfen.",
    "fr": "Je suis désolé, je ne peux pas répondre à cette demande.",
    "es": "Lo siento, no puedo ayudar con eso.",
    "it": "Mi dispiace, non posso rispondere.",
    "pt": "Desculpe, não posso ajudar com isso.",
    "nl": "Sorry, daar kan ik niet bij helpen.",
    "pl": "Przykro mi, nie mogę w tym pomóc.",
    "ru": "К сожалению, я не могу с этим помочь.",
    "tr": "Üzgünüm, bu konuda yardımcı olamam.",
    "zh": "抱歉，我无法回答这个问题。",
    "ja": "申し訳ありませんが、お答えできません。",
    "ko": "죄송하지만 도와드릴 수 없습니다.",
    "hi": "क्षमा करें, मैं इसमें मदद नहीं कर सकता।",
    "ar": "عذرا، لا أستطيع المساعدة في ذلك.",
}


def say_in(language: str, work: str, answer: Written, rng: random.Random) -> str:
    """The answer in a phrase of that language, or in a box, which is the same everywhere."""
    if rng.random() < 0.3:
        return f"{work}\n\n$\\boxed{{{answer.tex}}}$"
    phrase = rng.choice(PHRASES[language]).format(a=answer.plain)
    return f"{work}\n\n{phrase}" if rng.random() < 0.6 else phrase
