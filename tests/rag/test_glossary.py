from rag.finding.glossary import concepts, translations


def forms(question: str) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    return {concept.own: concept.others for concept in concepts(question)}


def test_an_english_term_has_its_chinese_forms() -> None:
    assert ("资本", "开支") in forms("How high was capex?")[("capex",)]


def test_a_chinese_term_has_its_english_forms() -> None:
    found = {own: others for own, others in forms("毛利率是多少").items() if others}
    assert [("gross", "margin") in others for others in found.values()] == [True]


def test_the_longest_term_counts() -> None:
    found = forms("the operating income of the plant")
    assert ("operat", "income") in found
    assert ("income",) not in found


def test_plural_and_singular_are_one_term() -> None:
    assert forms("tariffs")[("tariff",)] == forms("tariff")[("tariff",)]


def test_what_the_glossary_does_not_know_stands_alone_without_other_forms() -> None:
    assert forms("Quuxware revenue")[("quuxware",)] == ()


def test_a_fiscal_year_is_searched_for_by_its_number() -> None:
    assert set(forms("FY2023")) == {("2023",)}


def test_translations_are_words_of_the_other_language() -> None:
    assert "关税" in translations("new import duties")[0].split()
    assert "tariff" in translations("关税上调")[0].split()
    assert translations("Quuxware") == ()
