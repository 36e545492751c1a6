"""Countries, regions and groups of economies that a text names, the same in both languages.

A figure for another country is the likeliest wrong answer to a question about one, and the place is often the only name
that a question shares with evidence in the other language.
"""

import re
from functools import cache

_PLACES = """
全球|世界|world|worldwide|global|globally
美国|美联储|United States|U\\.S\\.|US|USA|America|American|Fed
中国|我国|China|Chinese
欧元区|欧洲央行|euro area|euro zone|eurozone|ECB
欧盟|EU|European Union
欧洲|Europe|European
英国|英格兰|Britain|British|United Kingdom|U\\.K\\.|UK|England
日本|Japan|Japanese
德国|Germany|German
法国|France|French
意大利|Italy|Italian
西班牙|Spain|Spanish
荷兰|Netherlands|Dutch
瑞士|Switzerland|Swiss
瑞典|Sweden|Swedish
挪威|Norway|Norwegian
波兰|Poland|Polish
俄罗斯|Russia|Russian
乌克兰|Ukraine|Ukrainian
土耳其|Turkey|Türkiye|Turkish
加拿大|Canada|Canadian
墨西哥|Mexico|Mexican
巴西|Brazil|Brazilian
阿根廷|Argentina|Argentine
智利|Chile|Chilean
澳大利亚|Australia|Australian
新西兰|New Zealand
印度(?!尼西亚)|India|Indian
印尼|印度尼西亚|Indonesia|Indonesian
马来西亚|Malaysia|Malaysian
越南|Vietnam|Vietnamese
泰国|Thailand|Thai
菲律宾|Philippines|Philippine
新加坡|Singapore
韩国|South Korea|Korea|Korean
香港|Hong Kong
澳门|Macau|Macao
台湾|Taiwan|Taiwanese
沙特|Saudi Arabia|Saudi
阿联酋|United Arab Emirates|UAE
以色列|Israel|Israeli
伊朗|Iran|Iranian
埃及|Egypt|Egyptian
南非|South Africa|South African
海湾|海合会|Gulf states|GCC|Gulf
中东|Middle East|Middle Eastern
东盟|ASEAN
东南亚|Southeast Asia|South-East Asia
亚太|Asia Pacific|Asia-Pacific
亚洲|Asia|Asian
北美|North America|North American
拉美|拉丁美洲|Latin America|Latin American
非洲|Africa|African
发达经济体|发达国家|advanced economies|developed economies|developed markets
新兴经济体|新兴市场|发展中|emerging markets|emerging economies|emerging market|developing economies
"""
# What lies in what, by any of its names above.
_WITHIN = {
    "North America": "US|Canada|Mexico",
    "Latin America": "Brazil|Argentina|Mexico|Chile",
    "Europe": "euro area|EU|UK|Germany|France|Italy|Spain|Netherlands|Switzerland|Sweden|Norway|Poland",
    "euro area": "Germany|France|Italy|Spain|Netherlands",
    "EU": "euro area|Germany|France|Italy|Spain|Netherlands|Sweden|Poland",
    "Asia Pacific": "China|Japan|India|Korea|Australia|New Zealand|Singapore|Indonesia|Vietnam|Thailand|Malaysia",
    "Asia": "China|Japan|India|Korea|Singapore|Indonesia|Vietnam|Thailand|Malaysia|Philippines|ASEAN",
    "ASEAN": "Singapore|Indonesia|Vietnam|Thailand|Malaysia|Philippines",
    "Southeast Asia": "Singapore|Indonesia|Vietnam|Thailand|Malaysia|Philippines|ASEAN",
    "Middle East": "Saudi Arabia|UAE|Israel|Iran|GCC",
    "GCC": "Saudi Arabia|UAE",
    "Africa": "South Africa|Egypt",
}


@cache
def _members() -> dict[int, frozenset[int]]:
    """Of every place that holds others their numbers."""
    return {number: places(inside) for outer, inside in _WITHIN.items() for number in places(outer)}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """One pattern a place. English names need their capitals, or "us" would be a country."""
    patterns = []
    for line in _PLACES.strip().splitlines():
        forms = line.split("|")
        chinese = [form for form in forms if not form[0].isascii()]
        english = [form for form in forms if form[0].isascii()]
        english += [form.capitalize() for form in english if form.islower()]
        patterns.append(re.compile(f"{'|'.join(chinese)}|(?<![A-Za-z])(?:{'|'.join(english)})(?![A-Za-z])"))
    return tuple(patterns)


def places(text: str) -> frozenset[int]:
    """The places that ``text`` names, each by its number in the table above."""
    return frozenset(number for number, pattern in enumerate(_patterns()) if pattern.search(text))


def widened(named: frozenset[int]) -> frozenset[int]:
    """Places together with those that lie in them: a figure for North America may answer what is asked of the US."""
    return named.union(*(_members().get(number, frozenset()) for number in named))


def without_places(text: str) -> str:
    """``text`` with a space for every place it names."""
    for pattern in _patterns():
        text = pattern.sub(" ", text)
    return text
