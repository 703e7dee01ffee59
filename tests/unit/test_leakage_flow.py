"""The program model: what flows where through names, containers, functions, classes and modules."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from auditor.analysis.call_graph import Program
from auditor.analysis.flow.rows import Selection, apart, contain, relation
from auditor.analysis.flow.scopes import Names
from auditor.analysis.flow.values import MARKS_LIMIT, Constant
from auditor.analysis.leakage.programs import LeakageOf, Run, run_source
from auditor.repository.code.syntax import facts_of
from auditor.repository.code.unpacked import Unpacked
from auditor.repository.inventory import read_repository

SCALED = """
import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
df = pd.read_csv("data.csv")
y = df.pop("target")
{flow}
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = SVC()
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def run_of(code: str, notebook: bool = False) -> Run:
    return run_source(facts_of("train.py", textwrap.dedent(code), notebook), {}, None)


def leaks(flow: str) -> bool:
    """Return whether a scaled value reaches the split by this flow."""
    return any(leak.kind == "preprocessing" for leak in run_of(SCALED.format(flow=textwrap.dedent(flow))).leaks)


FLOWS = [
    "s = StandardScaler()\nX = s.fit_transform(df)",
    "a = b = StandardScaler().fit(df)\nX = b.transform(df)",
    "X, other = StandardScaler().fit_transform(df), 1",
    "d = {'x': StandardScaler().fit_transform(df)}\nX = d['x']",
    "parts = [None, StandardScaler().fit_transform(df)]\nX = parts[1]",
    "parts = []\nparts.append(StandardScaler().fit_transform(df))\nX = parts[0]",
    "def scaled(t):\n    return StandardScaler().fit_transform(t)\nX = scaled(df)",
    "def scaled(t, by):\n    return by.fit_transform(t)\nX = scaled(by=StandardScaler(), t=df)",
    "def change(t):\n    t['age'] = StandardScaler().fit_transform(t[['age']])\nchange(df)\nX = df",
    "class P:\n    def __init__(self):\n        self.s = StandardScaler()\n    def run(self, t):\n"
    "        self.s.fit(t)\n        return self.s.transform(t)\nX = P().run(df)",
    "f = lambda t: StandardScaler().fit_transform(t)\nX = f(df)",
    "X = df\nif len(df) > 9:\n    X = StandardScaler().fit_transform(df)",
    "for column in ['a', 'b']:\n    df[column] = StandardScaler().fit_transform(df[[column]])\nX = df",
    "X = df.apply(lambda c: (c - c.mean()) / c.std())",
    "try:\n    X = StandardScaler().fit_transform(df)\nexcept ValueError:\n    X = df",
    "import sklearn.preprocessing as prep\nX = prep.scale(df)",
    "from sklearn.preprocessing import *\nX = minmax_scale(df)",
]


@pytest.mark.parametrize("flow", FLOWS)
def test_a_value_is_followed_through(flow: str) -> None:
    assert leaks(flow)


@pytest.mark.parametrize(
    "flow",
    [
        "X = StandardScaler().fit_transform(df)\nX = df",
        "s = StandardScaler().fit_transform(df)\nX = df",
        "d = {'x': StandardScaler().fit_transform(df), 'raw': df}\nX = d['raw']",
        "df['scaled'] = StandardScaler().fit_transform(df[['age']])\nX = df.drop(columns=['scaled'])",
        "df['scaled'] = StandardScaler().fit_transform(df[['age']])\nX = df[['age', 'height']]",
        "def unused(t):\n    return StandardScaler().fit_transform(t)\nX = df",
    ],
)
def test_a_name_holds_what_it_was_last_bound_to(flow: str) -> None:
    assert not leaks(flow)


def test_values_are_followed_through_modules_reexports_and_relative_imports(tmp_path: Path) -> None:
    files = {
        "lib/__init__.py": "from .prepare import prepared as made\n",
        "lib/prepare.py": "from sklearn.preprocessing import StandardScaler\n\n\ndef prepared(table):\n"
        "    return StandardScaler().fit_transform(table)\n",
        "train.py": SCALED.format(flow="import lib\nX = lib.made(df)"),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (leak,) = (k for k in LeakageOf(Program(read_repository(tmp_path))).leaks if k.kind == "preprocessing")
    assert (leak.cause.path, leak.cause.line, leak.effect.path) == ("lib/prepare.py", 5, "train.py")


def test_a_main_block_runs_in_its_own_program_alone(tmp_path: Path) -> None:
    (tmp_path / "data.py").write_text(
        "import pandas as pd\nframe = pd.read_csv('a.csv')\n"
        "if __name__ == '__main__':\n    frame = frame / frame.max()\n"
    )
    (tmp_path / "train.py").write_text(SCALED.format(flow="from data import frame\nX = frame"))
    assert not [k for k in LeakageOf(Program(read_repository(tmp_path))).leaks if k.kind == "preprocessing"]


def test_python_2_is_read() -> None:
    code = SCALED.format(flow="print 'scaling'\nX = StandardScaler().fit_transform(df)")
    assert any(leak.kind == "preprocessing" for leak in run_of(code).leaks)


def test_what_calls_itself_ends() -> None:
    run = run_of("def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(1)\n")
    assert not run.exhausted
    assert run.count.calls >= 3


def test_work_is_bounded_and_what_lies_beyond_is_said() -> None:
    doubling = "def f0(x):\n    return x\n" + "".join(
        f"def f{n}(x):\n    f{n - 1}(x)\n    return f{n - 1}(x)\n" for n in range(1, 40)
    )
    deep = "x = " + "(" * 60 + "1" + ")" * 60 + "\n"
    run = run_source(facts_of("a.py", doubling + deep + "f11(1)\n" * 60), {}, None, steps=5_000)
    assert run.exhausted
    assert run.steps >= 5_000


def test_calls_that_cannot_be_resolved_are_counted() -> None:
    run = run_of("import os\nos.listdir('.')\nunknown_function(3)\n")
    assert (run.count.calls, run.count.resolved) == (2, 1)


def test_statements_beyond_the_limit_are_left_out_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auditor.repository.code.statements.NODES_LIMIT", 10)
    assert not facts_of("a.py", "x = 1\n" * 50).statements.whole
    assert facts_of("a.py", "x = 1\n").statements.whole


HALF = Selection("split", "a.py:3", ("0",))
OTHER = Selection("split", "a.py:3", ("1",))


def test_two_parts_of_one_split_have_no_row_in_common() -> None:
    assert relation(("a", HALF), ("a", OTHER)) == "apart"
    assert relation(("a",), ("a", OTHER)) == "around"
    assert relation(("a", HALF), ("b", HALF)) == "apart"
    assert relation(("a", HALF), ("a", Selection("split", "a.py:9", ("1",)))) == "unknown"


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [
        (("", "n"), ("n", ""), True),
        (("", "100"), ("200", ""), True),
        (("", "200"), ("100", ""), False),
        (("", "-5"), ("-5", ""), True),
        (("10", "20"), ("20", "30"), True),
        (("", "n"), ("", "m"), False),
    ],
)
def test_slices_are_disjoint_where_the_one_ends_before_the_other_begins(
    one: tuple[str, str], other: tuple[str, str], disjoint: bool
) -> None:
    paths = (frozenset([("a", Selection("slice", "", part))]) for part in (one, other))
    assert apart(*paths) is disjoint


def test_a_statistic_over_rows_that_a_condition_chose_is_one_over_later_test_rows_too() -> None:
    known_age = frozenset([("a", Selection("mask", "df.age", ("notnull",)))])
    assert contain(known_age, frozenset([("a", OTHER)]))
    assert not contain(frozenset([("a", HALF)]), frozenset([("a", OTHER)]))


def test_statements_are_unpacked_once_for_several_programs_and_no_more_are_kept_than_fit() -> None:
    sources = [facts_of("a.py", f"x = {number}\n" * 50) for number in range(9)]
    packed = [source.statements.packed for source in sources]
    kept = Unpacked(limit=3 * len(packed[0]))
    blocks = [kept.block(one) for one in packed]
    assert kept.block(packed[-1]) is blocks[-1]
    assert kept.block(packed[0]) == blocks[0]
    assert kept.size == sum(map(len, kept.blocks)) <= kept.limit


def test_a_branch_is_taken_back_to_what_the_names_held() -> None:
    one, other = Constant(1), Constant(2)
    names = Names({"kept": one, "changed": one})
    names.branch()
    names["changed"] = other
    names.branch()
    names["changed"] = names["new"] = one
    assert names.back() == {"changed": one, "new": one}
    assert names == {"kept": one, "changed": other}
    assert names.back() == {"changed": other}
    assert names == {"kept": one, "changed": one}


def test_of_many_changes_of_one_table_the_earliest_are_kept_and_the_leak_is_still_found() -> None:
    changes = "X = StandardScaler().fit_transform(df)\n" + "X = X - X.mean()\n" * 300
    run = run_of(SCALED.format(flow=changes) + "print(model.score(X_test, y_test))\n" * 300)
    assert min(leak.cause.line for leak in run.leaks) == 8
    assert sum(leak.kind == "preprocessing" for leak in run.leaks) <= MARKS_LIMIT


def test_a_name_bound_on_one_side_of_a_branch_alone_may_hold_either() -> None:
    assert leaks("X = StandardScaler().fit_transform(df)\nif len(df) > 9:\n    X = X")
    assert leaks("X = df\nif len(df) > 9:\n    pass\nelse:\n    X = StandardScaler().fit_transform(df)")
    assert not leaks("X = StandardScaler().fit_transform(df)\nX = df\nif len(df) > 9:\n    z = 1")
