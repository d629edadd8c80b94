"""A page of prose typed letter by letter into a real document: how often the writer is disturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.completion import Completion, complete
from mleq_lsp.regions import Language
from mleq_lsp.settings import Settings

CATALOGUE, _ = load_builtin()
EXAMPLES = Path(__file__).parents[1] / "examples"
PLACES = {
    Language.LATEX: ("paper.tex", "it pays to write the objectives side by side.\n"),
    Language.MARKDOWN: ("note.md", "so it is worth knowing which comparison is cheap.\n"),
}
PAGE = """\
We trained every network on the same images for two weeks; the results are in the table below. What surprised us was
not the quality of the samples, which is about what others have reported, but how little the choice of the schedule
mattered: with half of the steps the pictures look alike, and a reader who is shown both cannot say which is which
(we asked twelve of them). The cost, however, is another matter. A single run takes nine days on four cards; at $3 an
hour this comes to more than $2,500 for each line of the table, and we had to repeat most of them at least once.

Two remarks are in order. First, the numbers for the older baseline were computed by its authors, on their machines;
we could not reproduce them to the last digit. Second, all of our code is at https://example.org/code;v=2 and it runs
on an ordinary laptop, if slowly. In what follows we fix the notation, recall what is known, and then turn to the
question from the introduction: when does it help to learn the variances too? The answer will be: rarely; and where it
does, the gain is small. For instance, on the faces the difference is less than the noise between two seeds.
"""


def popups(language: Language, settings: Settings) -> list[tuple[str, list[Completion]]]:
    """What was typed and what was offered for it, for each key press that brought a list."""
    name, before = PLACES[language]
    document = (EXAMPLES / name).read_text("utf-8")
    at = document.index(before) + len(before)
    found = []
    for typed in range(1, len(PAGE) + 1):
        text = document[:at] + PAGE[:typed] + document[at:]
        offers = complete(text, at + typed, language, CATALOGUE, settings)
        if offers:
            found.append((offers[0].span.of(text), offers))
    return found


@pytest.mark.parametrize("language", PLACES)
def test_a_list_comes_only_for_the_beginning_of_an_id_or_alias(language: Language) -> None:
    disturbed = popups(language, Settings())

    for word, offers in disturbed:
        assert len(word) >= 3, word
        for offer in offers:
            spellings = (offer.entry.id, *offer.entry.aliases)
            assert any(spelling.replace("-", "").startswith(word.lower()) for spelling in spellings)
    # Of some 1,500 key presses.
    assert len(disturbed) <= 15, sorted({word for word, _ in disturbed})


@pytest.mark.parametrize("language", PLACES)
def test_without_words_nothing_comes_at_all(language: Language) -> None:
    assert popups(language, Settings(complete_words=False)) == []


def test_the_first_word_of_an_alias_is_mostly_just_a_word() -> None:
    """Each begins an alias, such as `performance-difference`, `content-loss` or `no-tears`."""
    said = "We do not note that the performance on content under advanced knowledge and modern normalized light"

    disturbed = [word for word in said.split() if complete(f"so {word}", 3 + len(word), Language.MARKDOWN, CATALOGUE)]

    assert disturbed == []


@pytest.mark.parametrize("word", ["elbo", "adamw", "ddpm", "kl-g", "lasso", "wgan", "gumbel-max", "kaplan-m"])
def test_a_name_that_is_mostly_typed_is_offered_without_the_trigger(word: str) -> None:
    assert complete(f"so {word}", 3 + len(word), Language.MARKDOWN, CATALOGUE) != []
