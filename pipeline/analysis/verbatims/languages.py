"""The language a text is written in, told by its small words.

Belongs here: French and English against each other and against their neighbours. Does not belong here: themes. A word
counts for each language that has it, the less the more have it, so that nothing needs to be trained.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache

READ = ("fr", "en")
"""Languages there is a lexicon for."""
OTHER = "other"
_SMALL_WORDS: Mapping[str, str] = {
    "fr": "le la les l un une des du de d au aux ce c cet cette ces ca cela mon ma mes ton ta tes son sa ses notre "
    "nos votre vos leur leurs je j tu il elle on nous vous ils elles me m te se s lui y en que qu qui quoi dont "
    "ou et mais donc car ni ne n pas plus jamais rien aucun aucune personne est sont suis es etes sommes ai as "
    "a avons avez ont etait etaient avait ete etre avoir fait faire faut peut tout tous toute toutes tres trop "
    "bien peu meme aussi encore toujours deja avec sans sous sur pour par dans chez depuis pendant apres avant "
    "entre vers contre comme quand si alors rien vraiment assez beaucoup merci bonjour enfin malgre lors sauf "
    "hier jour jours mois semaine semaines fois deux trois quatre cinq six sept huit neuf dix oui non ici tard",
    "en": "the a an of to in on at for with without from by about after before between into over under as and or but "
    "so because if when while than then that this these those it its i me my mine we us our you your he she "
    "they them their is are was were be been being am do does did done have has had will would can could should "
    "may might must not no never none nothing nobody any some every each all both too very really just only "
    "still yet again always once twice what which who why how where there here up out off get got getting go "
    "went gone came come thanks thank hello please day days week weeks month one two three four five six seven "
    "eight nine ten yes",
    "de": "der die das den dem des ein eine einen einem einer und oder aber nicht kein keine ich du er sie es wir ihr "
    "mich mir uns mein meine ist sind war waren hat habe haben wird werden wurde mit ohne fur von vom zu zum "
    "zur auf aus bei nach vor seit im in am an um als wie wenn dass sehr noch schon immer nur auch so leider "
    "gut schlecht bestellung lieferung danke",
    "es": "el la los las un una unos unas de del al y o pero no ni que quien como cuando donde mi mis su sus me te se "
    "nos lo le les es son era fue ha han he hay esta estan estoy muy mas menos bien mal todo todos con sin por "
    "para desde hasta en entre sobre ya aun nunca siempre gracias pedido envio yo muchas",
    "it": "il lo la i gli le un uno una di del della dei delle da dal dalla in nel nella con senza su sul per tra fra "
    "e o ma non che chi come quando dove mio mia miei sono sei ha hanno ho era stato stata molto piu meno bene "
    "male tutto tutti mai sempre anche grazie ordine consegna ancora",
    "nl": "de het een en of maar niet geen ik jij hij zij wij jullie mijn jouw zijn haar ons is was waren ben heb "
    "heeft hebben had wordt worden met zonder voor van naar op uit bij na sinds in aan om als dat die dit deze "
    "er zeer heel nog al altijd nooit ook bestelling levering bedankt goed slecht",
    "pt": "o a os as um uma de do da dos das no na nos nas e ou mas nao que quem como quando onde meu minha seu sua "
    "me se lhe nos e sao era foi tem ha esta estao muito mais menos bem mal tudo com sem por para desde ate em "
    "entre sobre ja nunca sempre obrigado encomenda entrega",
}
_HINT = 0.6
"""Weight of a word of the lexicon or vocabulary of a language, which its neighbours may have too."""
_LEAD = 1.15


def _weights() -> dict[str, dict[str, float]]:
    languages: dict[str, set[str]] = defaultdict(set)
    for language, listed in _SMALL_WORDS.items():
        for word in listed.split():
            languages[word].add(language)
    return {word: dict.fromkeys(sorted(named), 1.0 / len(named)) for word, named in languages.items()}


class LanguageTeller:
    """Tells the language of words.

    Args:
        known: words of each language that is read, folded.
    """

    def __init__(self, known: Mapping[str, Collection[str]]) -> None:
        self._weights = _weights()
        for language, words in known.items():
            for word in words:
                weights = self._weights.setdefault(word, {})
                weights[language] = max(weights.get(language, 0.0), _HINT)

    def language_of(self, words: Sequence[str], delivered: str | None) -> str | None:
        """The language of a text.

        Args:
            words: the text, as ``words_of`` gives it.
            delivered: what the tool said, ISO 639-1; decides where the words do not.

        Returns:
            ``fr``, ``en``, ``other``, or ``None`` where nothing tells.
        """
        sums: dict[str, float] = {}
        for word in words:
            for language, weight in self._weights.get(word, {}).items():
                sums[language] = sums.get(language, 0.0) + weight
        said = (delivered or "").strip().lower()[:2]
        ranked = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
        if ranked and (len(ranked) == 1 or ranked[0][1] >= _LEAD * ranked[1][1]):
            language = ranked[0][0]
        elif said:
            language = said
        elif ranked:
            language = next((name for name, _ in ranked if name in READ), ranked[0][0])
        else:
            return None
        return language if language in READ else OTHER


@cache
def small_words(language: str) -> frozenset[str]:
    """Words of a language that say nothing by themselves."""
    return frozenset(_SMALL_WORDS[language].split())
