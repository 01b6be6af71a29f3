"""Words that tell a name from a word: names that are words too, and what stands around a name.

Not a dictionary of names: who is looked for comes from the school alone. A name that stands in one of the first three
lists is asked about only with a capital inside a sentence, or beside a word that goes with people. All without accents.
"""

from __future__ import annotations

import re
import unicodedata


def _list(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Flowers, trees, animals, trades, places, weather, things: nouns, which seldom begin a sentence without an article.
THINGS = _list(
    """
    roos iris jasmijn margriet linde heide violet viola viool aster erica hazel hyacint olijf laurier madelief amber
    jade robijn pearl parel merel mees raaf valk vink zwaan duif beer wolf vos leeuw leeuwen haas haan kat hond muis
    mol mus meeuw specht kraai arend haring snoek baars schaap lam stier bok geit paard vogel vogels storm wind
    regen sneeuw wolk vuur brand vlam zon ster maan lente zomer herfst winter april mei juni juli augustus dag nacht
    avond morgen maandag vrijdag zondag bakker visser kok koning prins boer graaf kuiper dekker jager schipper
    kramer slager molenaar timmerman schilder wever brouwer bode burger ruiter snijder zanger speelman keizer ridder
    bisschop monnik paus pastoor hertog schout smid bloem kamp berg hart bos bosch dijk dam brug veld beek heuvel
    horst hoek steen brink laan vliet poel plas zee duin hout boom tak blad appel peer kers kool peper zout brood
    boon huis kerk toren kasteel poort muur molen bank stoel kast pot pan ketel kan kroon ring bel klok hamer zaag
    nagel spijker naald draad wol doek mantel hoed schoen goud zilver koper staal kei zand klei gras hooi koren
    gerst haver hand hals kop neus mond baard haar voet teen vriend baas mens man vrouw kind zoon broer oom neef
    vader raad werk rust vrede eer lof moed kracht mark bas ton toon lies ans els joke job rob kim bob noor piet
    klaas sjaak trui kas jas jet pit pol mars lot floor fleur hope faith joy grace rose will bill summer sky angel
    star dolf post maas rijn luna wies beemd
    """
)
# How something is: these do begin sentences.
QUALITIES = _list(
    """
    groot klein jong oud lang kort wit zwart rood groen bruin blauw grijs vrolijk rijk zoet stil sterk wild koen
    wijs slim mooi schoon braaf fijn snel vlug licht donker zwaar hoog laag diep breed smal rond recht goed goede
    nieuw trouw vrij fel rein bont kwik dik dun vroom kloek stoer zuur warm koud droog nat zacht hard
    """
)
# Verbs, small words and what is short for something: these begin any sentence.
SMALL = _list(
    """
    wil door meer max dan ben per jan ad al an hen den vries timmer kan lei wel sta leen bloei kies ver eva noors
    bakkers vissers winters zomers groots mar han hein siem tal nu may
    """
)
WORDS = THINGS | QUALITIES | SMALL

# Who comes after these is a person, written with a capital or not.
TITLES = _list(
    """
    juf juffrouw meester meneer mevrouw mevr mw dhr heer collega leerkracht leraar docent juffie mr mrs ms
    """
)
# After these a noun without an article is somebody: "volgens roos".
CUES = _list("volgens")
# What people do: a name without an article stands before it, also where a sentence begins.
SPEAKS = _list(
    """
    zei zegt vertelde vertelt vroeg vraagt noemde noemt stelde stelt knikte luisterde luistert reageerde reageert
    gaf geeft vatte vat bracht brengt legde twijfelde antwoordde said asked asks gave gives told listened
    """
)
DOES = SPEAKS | _list(
    """
    kwam komt hield houdt had heeft wilde nam neemt liet laat keek kijkt dacht denkt vond vindt deed doet ging gaat
    sprak spreekt zag ziet zocht zoekt zweeg zwijgt bedankte merkte merkt deelde deelt schreef schrijft las leest
    maakte maakt koos kiest wist weet werkte werkt zat zit lachte praatte praat haalde haalt gebruikte toonde
    onderbouwde verwees herhaalde opende hielp helpt vulde vult sloot begreep probeerde nodigde wees verwoordde
    vergeleek bewaakte had has
    """
)
IS = _list("was is werd wordt bleef blijft begon begint kon kan mocht mag moest moet zou zal haar zijn")
CLAUSES = _list("dat of hoe wat waarom om niets that whether")
AND = _list("en of and or")
# After these, "Leeuwen" without its "van" is a place.
PLACES = _list("in uit naar te rond nabij near from")
# What stands between a given name and a family name.
INFIXES = _list("van de der den het t ter ten te el al la le du da di dos von vom op in aan bin ben d s")
# A dot after these ends no sentence; nor does it after a single letter.
SHORTENED = TITLES | _list("bijv bv nl evt incl excl resp mn oa dr drs ir ing prof ds st ca nr blz zgn vgl jl vd vh")
# Letters that look like somebody's initials, and stand for something else at every school.
NO_INITIALS = _list(
    """
    ib rt mt mr po vo so ob bb mb hb lb kb ab ta pc ai ek wk tv cv eu nl ok bv vs op nb ps pm gmr ict cito zoz aub
    nvt mbt tov sbo avg pdf bso vve zat lio kwh oa
    """
)

_OWN_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
# Accents, and signs that nobody sees: with one of them inside, a name looks like itself.
_ACCENTS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_UNSEEN = r"\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_ACCENTS}{_UNSEEN}])*")


def folded(word: str) -> str:
    """The word in small letters without accents and without signs that nobody sees."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFKD", word).lower().translate(_OWN_LETTERS)
    return "".join(letter for letter in letters if letter.isalpha())


def words_in(text: str) -> list[re.Match[str]]:
    """The words of a text in order, each a run of letters: "v.d." is two, "Pieter-Jan" is two."""
    return list(_WORD.finditer(text))


def is_word(name: str) -> bool:
    """Whether a folded name is a word too, or the plural of one."""
    return name in WORDS or (len(name) > 4 and name.endswith("s") and name[:-1] in WORDS)  # noqa: PLR2004
