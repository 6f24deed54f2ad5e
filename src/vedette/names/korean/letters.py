"""How each letter of a Hangul syllable is written in Latin and Cyrillic, by system, entered from the published rules.

Sources: Revised Romanization (2000), McCune-Reischauer (1939), the DPRK system of 1992, Kontsevich's Cyrillic system, and
spellings in common use in English, French and German texts. Weights are relative; a system's spelling weighs most.
"""

from __future__ import annotations

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = "-ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

_BASE = 0xAC00


def compose(initial: str, vowel: str, final: str) -> str:
    """The Hangul syllable of three letters; "-" is no final."""
    index = (INITIALS.index(initial) * 21 + VOWELS.index(vowel)) * 28 + FINALS.index(final)
    return chr(_BASE + index)


def decompose(syllable: str) -> tuple[str, str, str]:
    """Initial, vowel and final ("-" for none) of one Hangul syllable."""
    index = ord(syllable) - _BASE
    return INITIALS[index // 588], VOWELS[index % 588 // 28], FINALS[index % 28]


def is_hangul(char: str) -> bool:
    """Whether the character is a whole Hangul syllable."""
    return "가" <= char <= "힣"


def _weights(text: str) -> dict[str, dict[str, float]]:
    table: dict[str, dict[str, float]] = {}
    for line in text.strip().splitlines():
        letters, *spellings = line.split()
        for letter in letters:
            row = {part.split(":")[0].replace("0", ""): float(part.split(":")[1]) for part in spellings}
            total = sum(row.values())
            table[letter] = {spelling: weight / total for spelling, weight in row.items()}
    return table


# "0" stands for nothing written. An apostrophe marks aspiration where the writer kept it.
INITIAL_SPELLINGS = _weights("""
ㄱ k:60 g:40 q:.3 c:.5
ㄲ kk:60 k:25 gg:8 g:5 ggh:.1
ㄴ n:100 r:.6 l:.5
ㄷ t:60 d:40
ㄸ tt:60 t:20 dd:10 d:10
ㄹ r:80 l:12 n:5 rh:3
ㅁ m:100
ㅂ p:60 b:40 v:.2
ㅃ pp:60 p:25 bb:15
ㅅ s:85 sh:14 ss:.5 ch:.3
ㅆ ss:70 s:30
ㅇ 0:100
ㅈ ch:45 j:50 tj:.7 dj:2 z:1 tch:1.5 c:.4 dz:.2 g:.15
ㅉ jj:50 tch:25 j:15 ch:10
ㅊ ch:65 ch':25 tch:3 tsch:1 c:.7 j:2 ts:.3
ㅋ k:55 k':20 kh:25
ㅌ t:55 t':20 th:25
ㅍ p:55 p':20 ph:24 f:1
ㅎ h:99 wh:.5
""")

# After a consonant; a syllable that begins with the vowel adds the spellings of OPEN_VOWEL_SPELLINGS.
VOWEL_SPELLINGS = _weights("""
ㅏ a:97 ah:2 aa:1
ㅐ ae:80 a:4 e:5 ai:5 ay:3 eh:.5 ea:1.5 aei:.4 aa:.2 ei:.3
ㅑ ya:97 ia:3
ㅒ yae:90 yea:10
ㅓ o:38 eo:32 ŏ:18 u:8 e:3 uh:1 eu:.4 ou:.6 yeo:.3 yo:.2 oe:.2
ㅔ e:90 ae:2 eh:2 ey:2 ay:1
ㅕ yo:38 yeo:30 yŏ:16 you:6 yu:6 ye:3 io:1 jo:1 iu:.5 yea:.2 e:1 ou:.8 yeu:.5 ie:.4 eo:.6 yoe:.3 u:.5
ㅖ ye:70 yea:1 hye:.2 yeh:2 ie:1 e:15 ae:3 yae:2
ㅗ o:96 oh:2 oo:.5 ou:.5
ㅘ wa:95 oa:4 ua:1
ㅙ wae:80 oae:5 we:10 wa:5
ㅚ oe:65 woe:3 oi:8 we:10 ö:1 wae:3 o:2 wi:1 ue:1
ㅛ yo:93 io:3 yoh:1 jo:1
ㅜ u:72 oo:18 ou:7 uh:.5 w:.2
ㅝ wo:80 weo:8 wŏ:8 uo:3 wu:1 woo:1 woe:.6 wou:1 we:.5
ㅞ we:97 weh:3
ㅟ wi:70 ui:12 wee:6 wy:1 uy:2 ue:1
ㅠ yu:70 yoo:15 you:8 iu:3 yuh:.2 ju:.6 ew:1 yew:.5 u:1 oo:.5
ㅡ u:35 eu:32 ŭ:18 oo:3 e:6 i:1 uh:1 ou:1 eo:1.5 ue:.3
ㅢ ui:55 eui:15 ŭi:10 ee:4 i:10 uy:2 yi:2 wi:1
ㅣ i:90 ee:6 ea:.3 iy:.2 ey:.3 y:1.5 ie:.7 ea:.3 ii:.1
""")

OPEN_VOWEL_SPELLINGS = _weights("""
ㅜ u:50 woo:20 wu:10 oo:15 ou:4
ㅣ i:70 yi:10 ee:8 lee:5 y:1 ri:3 li:2
ㅕ yo:38 yeo:30 yŏ:14 you:10 yu:6 ye:2 jo:1 yeu:.5
ㅓ o:38 eo:34 ŏ:18 u:5 uh:3 e:1 er:.3 ou:.5
ㅡ u:33 eu:36 ŭ:18 oo:3 e:4 ou:1 yeu:.3
ㅢ ui:55 eui:20 ŭi:10 ee:2 i:3 yi:5 ey:1
""")

FINAL_SPELLINGS = _weights("""
- 0:97 h:2 e:.4 r:.3 y:.2
ㄱㅋㄲ k:80 g:12 ck:2 c:1 kh:.5 uk:.1 ng:.4
ㄴ n:98 nn:.7 ne:.5 hn:.3 l:.3
ㄹ l:92 r:5 ll:1 rl:.7 hl:.2
ㅁ m:98 mm:.5 hm:.3
ㅂㅍ p:80 b:18 m:.4
ㅅㅆㄷㅌㅈㅊㅎ t:75 s:12 d:10 h:2
ㅇ ng:97 n:1.5 gn:.1
ㄳ k:90 ks:10
ㄵㄶ n:100
ㄺ k:60 lk:15 l:10 rk:10 g:5
ㄻ m:60 lm:30 rm:10
ㄼㄽㄾㅀ l:90 lb:10
ㄿㅄ p:90 ps:10
""")

CYRILLIC_INITIALS = _weights("""
ㄱ к:70 г:30
ㄲ кк:70 к:30
ㄴ н:100
ㄷ т:70 д:30
ㄸ тт:70 т:30
ㄹ р:80 л:15 н:5
ㅁ м:100
ㅂ п:70 б:30
ㅃ пп:70 п:30
ㅅ с:92 ш:6 щ:2
ㅆ сс:70 с:30
ㅇ 0:100
ㅈ ч:60 дж:20 чж:18 ж:1 дз:1
ㅉ чч:60 ч:20 чж:20
ㅊ чх:60 ч:40
ㅋ кх:70 к:30
ㅌ тх:70 т:30
ㅍ пх:70 п:30
ㅎ х:95 г:5
""")

CYRILLIC_VOWELS = _weights("""
ㅏ а:100
ㅐ э:60 ай:10 е:20 я:3 а:7
ㅑ я:100
ㅒ йя:50 е:50
ㅓ о:75 е:20 э:3 у:2
ㅔ е:70 э:30
ㅕ ё:55 е:30 йо:8 ю:3 о:4
ㅖ е:70 ье:10 э:12 йе:8
ㅗ о:100
ㅘ ва:70 уа:20 оа:10
ㅙ вэ:70 ве:20 уэ:10
ㅚ ве:40 вэ:15 ё:15 ой:20 хве:2 е:8
ㅛ ё:65 е:15 йо:15 о:5
ㅜ у:100
ㅝ во:70 уо:15 вон:1 ве:10 уе:5
ㅞ ве:100
ㅟ ви:60 уи:25 вы:5 юй:5 и:5
ㅠ ю:90 у:10
ㅡ ы:75 у:10 и:5 е:10
ㅢ ый:40 ы:15 и:30 ыи:10 е:5
ㅣ и:97 ы:3
""")

CYRILLIC_FINALS = _weights("""
- 0:100
ㄱㅋㄲㄳㄺ к:95 г:5
ㄴㄵㄶ н:85 нь:15
ㄹㄼㄽㄾㅀ ль:60 р:25 л:15
ㅁㄻ м:100
ㅂㅍㅄㄿ п:95 б:5
ㅅㅆㄷㅌㅈㅊㅎ т:85 с:15
ㅇ н:90 нъ:5 нг:5
""")

# The initial-sound law: at the head of a word the South writes and says the second form, the North keeps the first.
_LAW = {"ㄹ": "ㅇ", "ㄴ": "ㅇ"}
_SOFT = "ㅑㅒㅕㅖㅛㅠㅣ"


def southern(syllable: str) -> str:
    """The form a syllable takes at the head of a word under the initial-sound law: 리 -> 이, 로 -> 노, 녀 -> 여."""
    initial, vowel, final = decompose(syllable)
    if initial in _LAW and vowel in _SOFT:
        return compose("ㅇ", vowel, final)
    return compose("ㄴ", vowel, final) if initial == "ㄹ" else syllable


def northern(syllable: str) -> tuple[str, ...]:
    """The forms that the initial-sound law turns into this syllable: 이 -> (리, 니), 노 -> (로,)."""
    initial, vowel, final = decompose(syllable)
    if initial == "ㅇ" and vowel in _SOFT:
        return compose("ㄹ", vowel, final), compose("ㄴ", vowel, final)
    return (compose("ㄹ", vowel, final),) if initial == "ㄴ" and vowel not in _SOFT else ()
