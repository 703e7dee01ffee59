"""Claims of whole papers and repositories, in order and without repetitions."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from auditor.claims.captions import rejoined
from auditor.claims.collect import LIMIT, collect_claims
from auditor.claims.from_paper import own_names
from auditor.claims.hyperparameters import stated_settings, used_settings
from auditor.findings import FileEvidence, PaperEvidence
from auditor.paper.model import Page, Paper, Sentence, Table
from auditor.repository.inventory import read_repository
from auditor.repository.model import Assignment, Call, Option, Source

BOX = (0.0, 0.0, 10.0, 10.0)


@dataclass(frozen=True)
class Written(Paper):
    """A paper whose sentences are given, so that no layout is needed."""

    given: tuple[Sentence, ...] = field(default=())

    @property
    def sentences(self) -> tuple[Sentence, ...]:  # type: ignore[override]
        return self.given

    @property
    def readable(self) -> bool:
        return not self.scanned and self.language == "en"


def _sentence(text: str, kind: str = "body", section: str = "Results") -> Sentence:
    return Sentence(text, 1, BOX, kind, section)  # type: ignore[arg-type]


def _paper(*sentences: Sentence, tables: tuple[Table, ...] = (), title: str = "A title", **more: object) -> Paper:
    return Written(title, (Page(1, 1, 1, ()),), (), tables, given=sentences, **more)  # type: ignore[arg-type]


RESULTS = Table(
    "Table 1",
    "Test accuracy on the Cora dataset, over 5 seeds.",
    3,
    BOX,
    ("Method", "Accuracy"),
    (("GCN [3]", "80.1"), ("FooNet", "81.0 ± 0.2")),
)


def test_tables_come_first_and_ids_count_from_one() -> None:
    claims = collect_claims(_paper(_sentence("We reach an F1 of 0.71."), tables=(RESULTS,)), None).items
    assert [(c.id, c.where, c.metric, c.value) for c in claims] == [
        ("C1", "Table 1", "accuracy", 80.1),
        ("C2", "Table 1", "accuracy", 81.0),
        ("C3", "text (Results)", "f1", 0.71),
    ]
    assert (claims[1].std, claims[1].n, claims[1].dataset, claims[1].split) == (0.2, 5, "Cora", "test")
    assert isinstance(claims[1].evidence, PaperEvidence)


def test_a_number_of_the_abstract_makes_its_table_cell_a_headline() -> None:
    abstract = _sentence("FooNet raises the accuracy from 80.1% to 81.0%.", "abstract", "Abstract")
    claims = collect_claims(_paper(abstract, tables=(RESULTS,)), None).items
    assert {c.value: c.headline for c in claims if c.where == "Table 1"} == {80.1: False, 81.0: True}


def test_a_result_stated_twice_is_one_claim() -> None:
    text = _sentence("FooNet reaches an accuracy of 81.0% on Cora.")
    claims = collect_claims(_paper(text, tables=(RESULTS,)), None).items
    assert [c.value for c in claims] == [80.1, 81.0]


def test_the_paper_names_its_own_method_in_title_and_abstract() -> None:
    abstract = _sentence("We propose a new simple network architecture, the FooNet, for all.", "abstract", "Abstract")
    assert own_names(_paper(abstract)) == {"foonet"}
    assert "bar-net".replace("-", "") in own_names(_paper(title="Bar-Net: Learning to Bar"))


def test_scans_and_other_languages_give_no_claims() -> None:
    assert collect_claims(_paper(tables=(RESULTS,), scanned=True), None).items == ()
    assert collect_claims(_paper(tables=(RESULTS,), language="de"), None).items == ()


def test_related_work_is_not_the_papers_own_claim() -> None:
    text = _sentence("Smith et al. reach an accuracy of 81.2%.", section="Related Work")
    assert collect_claims(_paper(text), None).items == ()


def test_claims_are_capped_and_own_ones_kept() -> None:
    rows = {k: tuple((f"M{k}x{i}", f"{i % 90 + k}.{i:03d}") for i in range(190)) for k in range(1, 4)}
    tables = tuple(Table(f"Table {k}", "", k, BOX, ("Method", "Accuracy"), rows[k]) for k in rows)
    own = Table("Table 9", "", 9, BOX, ("Method", "Accuracy"), (("Net (Ours)", "99.5"),))
    collected = collect_claims(_paper(tables=(*tables, own)), None)
    claims = collected.items
    assert len(claims) == LIMIT
    assert collected.cut == "571 claims were read; the 300 most important are kept, and 271 left out."
    assert collect_claims(_paper(tables=(own,)), None).cut == ""
    assert claims[-1].value == 99.5


def test_a_readme_a_notebook_and_a_named_result_file_claim(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "# Foo\n\n## Results\n\nTest set, see results/scores.json\n\n"
        "| Dataset | Accuracy |\n|---|---|\n| Cora | 81.0 % |\n"
    )
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "scores.json").write_text(json.dumps({"citeseer": {"accuracy": 0.719}}))
    (tmp_path / "other.json").write_text(json.dumps({"accuracy": 0.1}))
    cell = {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": ["run()"],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["{'fdr': 0.0, 'shd': 3}\n"]}],
    }
    (tmp_path / "demo.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    claims = collect_claims(None, read_repository(tmp_path)).items
    found = {(c.origin, c.metric, c.value) for c in claims}
    assert found == {
        ("readme", "accuracy", 81.0),
        ("notebook", "fdr", 0.0),
        ("notebook", "shd", 3.0),
        ("results", "accuracy", 0.719),
    }
    readme = next(c for c in claims if c.origin == "readme")
    assert isinstance(readme.evidence, FileEvidence)
    assert (readme.headline, readme.dataset, readme.evidence.line) == (True, "Cora", 9)


def test_outputs_of_a_notebook_are_claims_under_the_heading_above_them(tmp_path: Path) -> None:
    def code(text: str) -> dict[str, object]:
        outputs = [{"output_type": "stream", "name": "stdout", "text": [text]}]
        return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["run()"], "outputs": outputs}

    def heading(text: str) -> dict[str, object]:
        return {"cell_type": "markdown", "metadata": {}, "source": [text]}

    cells = [code("{'fdr': 0.3}\n"), heading("### Test *Linear* Model\n\nwords"), code("{'fdr': 0.0}\n")]
    cells += [heading("### Test Nonlinear Model"), code("{'fdr': 0.1}\n")]
    (tmp_path / "demo.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    claims = collect_claims(None, read_repository(tmp_path)).items
    assert [(c.value, c.method) for c in claims] == [
        (0.3, None),
        (0.0, "Test Linear Model"),
        (0.1, "Test Nonlinear Model"),
    ]


def test_nested_results_are_named_by_the_keys_that_name_something(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Our numbers are in `final_results.json`, see there for all of them.\n")
    scores = {"rouge1": {"mean": 0.21, "ci_width": 0.03}}
    nested = {"evaluation_summary": {"cnn_dm": {"baseline_t5": {"rouge_scores": scores}}}}
    (tmp_path / "final_results.json").write_text(json.dumps(nested))
    claims = collect_claims(None, read_repository(tmp_path)).items
    assert [(c.metric, c.value, c.method) for c in claims] == [("rouge_1", 0.21, "cnn_dm baseline_t5")]


def test_nothing_to_read_gives_no_claims() -> None:
    assert collect_claims(None, None).items == ()


def test_hyperparameters_are_read_where_they_are_stated_as_used() -> None:
    stated = stated_settings(
        (
            _sentence("We use Adam with a learning rate of 0.001 and batch size 32."),
            _sentence("The network was trained for 100 epochs with dropout of 0.5."),
            _sentence("We searched the learning rate in a grid with 0.1 and 0.2."),
            _sentence("He et al. use a batch size of 256."),
            _sentence("There is little improvement from epochs 3 through 7, or with a batch size of 8 to 64."),
            _sentence("All models have a weight decay of 0.01."),
            _sentence("The momentum is decayed to 0.8."),
        )
    )
    assert [(s.name, s.value) for s in stated] == [
        ("learning rate", 0.001),
        ("batch size", 32),
        ("dropout", 0.5),
        ("epochs", 100),
        ("weight decay", 0.01),
    ]


def test_hyperparameters_are_found_in_options_assignments_calls_and_configs() -> None:
    source = Source(
        "train.py",
        9,
        options=(Option(("--learning-rate",), "1e-3", 1),),
        assignments=(Assignment("self.batch_size", "32", 2), Assignment("dropout", "compute(3)", 3)),
        calls=(Call("fit", 4, keywords=(("epochs", "100"),)),),
    )
    tested = Source("tests/test_train.py", 9, assignments=(Assignment("momentum", "0.7", 2),))
    used = used_settings((source, tested), (), (("config.yaml", 1, "weight_decay: 0.0005\nmodel: x\n"),))
    assert {(s.name, s.value) for s in used} == {
        ("learning rate", 0.001),
        ("batch size", 32),
        ("epochs", 100),
        ("weight decay", 0.0005),
    }


def test_a_result_in_the_conclusion_that_is_cited_is_no_main_claim() -> None:
    said = "Recent research on skin cancer has an accuracy of 72.1% for three classes [14]."
    (cited,) = collect_claims(_paper(_sentence(said, section="Conclusions")), None).items
    (own,) = collect_claims(_paper(_sentence("We reach an accuracy of 82.1%.", section="Conclusions")), None).items
    assert (cited.headline, own.headline) == (False, True)


def test_data_without_a_name_are_what_a_sentence_calls_them() -> None:
    said = (
        "On the hidden validation set it achieved an accuracy of 0.41, and on the hidden test set an accuracy of 0.27."
    )
    found = collect_claims(_paper(_sentence(said)), None).items
    assert [(c.value, c.dataset) for c in found] == [(0.41, "hidden validation set"), (0.27, "hidden test set")]


def test_words_that_the_lines_of_a_caption_part_are_put_together() -> None:
    assert rejoined("ME- TEOR on MSR- VTT with bi- grams", {"meteor", "msr-vtt"}) == "METEOR on MSR-VTT with bigrams"


def test_the_older_method_in_a_name_with_a_prefix_is_not_own() -> None:
    abstract = _sentence("We propose MC-WNNM, which extends the weighted nuclear norm (WNNM).", "abstract", "Abstract")
    assert own_names(_paper(abstract, title="Weighted Nuclear Norm Minimization")) == {"mcwnnm"}
