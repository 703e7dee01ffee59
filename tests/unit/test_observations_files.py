"""Which numbers are read from the files that a run wrote."""

import io
import json
import pickle
import struct
import zipfile

import numpy as np
import pytest

from auditor.rerun.observations import observe_file


def _values(path: str, data: bytes) -> list[tuple[str, float]]:
    return [(o.metric, o.value) for o in observe_file("r1", path, data) if o.final]


def test_json_gives_each_number_under_its_path() -> None:
    data = json.dumps({"Logistic regression": {"accuracy": 0.9287, "accuracy_std": 0.008}, "epochs": 3}).encode()
    found = observe_file("r1", "results.json", data)
    assert (found[0].metric, found[0].value, found[0].names) == (
        "accuracy",
        0.9287,
        ("accuracy", "Logistic regression"),
    )
    assert all(o.metric != "accuracy" for o in found[1:])


def test_a_list_of_numbers_is_a_series_with_its_last_value_final() -> None:
    found = observe_file("r1", "history.json", json.dumps({"val_acc": [0.5, 0.9, 0.7]}).encode())
    assert [(o.value, o.final) for o in found] == [(0.5, False), (0.9, False), (0.7, True)]


def test_a_metric_named_by_a_value_is_found() -> None:
    data = json.dumps([{"metric": "accuracy", "dataset": "cora", "value": 0.81}]).encode()
    (found,) = observe_file("r1", "r.json", data)
    assert found.metric == "accuracy"
    assert "cora" in found.names


def test_json_lines_with_a_step_are_a_series() -> None:
    data = b'{"epoch": 1, "acc": 0.5}\n{"epoch": 2, "acc": 0.6}\n'
    assert ("accuracy", 0.6) in _values("log.jsonl", data)
    assert ("accuracy", 0.5) not in _values("log.jsonl", data)


def test_csv_rows_carry_their_labels() -> None:
    found = observe_file("r1", "r.csv", b"dataset,accuracy,f1\ncora,0.81,0.79\nciteseer,0.72,0.70\n")
    assert [(o.metric, o.value, o.names[1]) for o in found][2] == ("accuracy", 0.72, "citeseer")


def test_a_log_in_csv_has_its_last_epoch_final() -> None:
    assert _values("log.csv", b"epoch,val_loss\n1,0.5\n2,0.4\n") == [("loss", 0.4)] or ("loss", 0.4) in _values(
        "log.csv", b"epoch,val_loss\n1,0.5\n2,0.4\n"
    )
    assert ("loss", 0.5) not in _values("log.csv", b"epoch,val_loss\n1,0.5\n2,0.4\n")


def test_npz_gives_numbers_of_each_kind() -> None:
    stream = io.BytesIO()
    np.savez(stream, accuracy=np.float32(0.5), test_loss=np.array([0.9, 0.25]), shd=np.int64(3), big=np.zeros((50, 50)))
    assert sorted(_values("m.npz", stream.getvalue())) == [("accuracy", 0.5), ("loss", 0.25), ("shd", 3.0)]


def test_pickled_objects_in_npz_are_never_loaded() -> None:
    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (pytest.fail, ("the pickle was loaded",))

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        header = b"{'descr': '|O', 'fortran_order': False, 'shape': (), }\n"
        archive.writestr(
            "accuracy.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickle.dumps(Bomb())
        )
    assert observe_file("r1", "m.npz", stream.getvalue()) == ()
    assert observe_file("r1", "m.pkl", pickle.dumps(Bomb())) == ()


def test_a_notebook_gives_what_its_cells_printed() -> None:
    book = {"cells": [{"cell_type": "code", "outputs": [{"output_type": "stream", "text": ["acc: 0.5\n"]}]}]}
    assert _values("out.ipynb", json.dumps(book).encode()) == [("accuracy", 0.5)]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", b"{" * 100_000),
        ("a.json", b"[" * 100_000),
        ("a.json", b"\xff\xfe\x00"),
        ("a.json", b'{"accuracy": 1e999}'),
        ("a.csv", b'"' * 10_000),
        ("a.csv", b""),
        ("a.npz", b"PK\x03\x04 truncated"),
        ("a.npy", b"\x93NUMPY\x01\x00\xff\xff{'descr': '<f8', 'shape': (9999999999,)"),
        ("a.ipynb", b'{"cells": 3}'),
        ("a.jsonl", b"{}\n{oops\n"),
        ("a.bin", b"\x00" * 1_000),
        ("a.json", b" " * (11 << 20)),
    ],
)
def test_a_broken_or_hostile_file_gives_nothing_and_breaks_nothing(path: str, data: bytes) -> None:
    assert observe_file("r1", path, data) == ()


def test_a_tex_table_gives_its_numbers_under_column_and_row() -> None:
    data = rb"""
\begin{tabular}{@{}llrr@{}}
\toprule
Group & Method & cGFPR & Accuracy (\%) \\
\midrule
  A=1 & Original & 0.323 & \textbf{81.5} \\[2pt]
  A=0 & R\&D & 0.333 & 79.0 \\
\bottomrule
\end{tabular}
0.5 & 0.6 \\
"""
    found = observe_file("r1", "out/table.tex", data)
    assert [(o.metric, o.value, o.names[1:]) for o in found] == [
        ("cgfpr", 0.323, ("A=1 Original",)),
        ("accuracy", 81.5, ("A=1 Original",)),
        ("cgfpr", 0.333, ("A=0 R&D",)),
        ("accuracy", 79.0, ("A=0 R&D",)),
    ]
    assert [o.evidence.line for o in found] == [6, 6, 7, 7]
