"""What nobody else can open, read or build: compiled files, hosted models, code kept back, code that hides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.checks import Facts, all_checks
from auditor.findings import Finding, Status
from auditor.repository.closed.services import HostedModel, hosted_models
from auditor.repository.inventory import read_repository
from auditor.repository.model import Repository

ELF = b"\x7fELF" + b"\0" * 100


def tree(folder: Path, files: dict[str, str | bytes]) -> Repository:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_repository(folder)


def checked(folder: Path, files: dict[str, str | bytes], id: str) -> Finding:
    finding = Facts([tree(folder, files)]).run(all_checks()[id])
    if finding.status in (Status.PARTIAL, Status.FAIL):
        assert finding.remedy
    if finding.status not in (Status.NOT_APPLICABLE, Status.UNKNOWN):
        assert finding.evidence
    return finding


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"train.py": "import torch\n"}, Status.NOT_APPLICABLE),
        ({"ops/sample.so": ELF, "ops/sample.cu": "__global__ void f() {}\n"}, Status.PASS),
        ({"ops/sample_so.so": ELF, "ops/sample.cpp": "int f();\n"}, Status.PASS),
        ({"nms.cpython-37m-x86_64-linux-gnu.so": ELF, "nms.pyx": "x = 1\n"}, Status.PASS),
        ({"lib/libfast.so.1.2": ELF, "src/fast.cc": "int f();\n"}, Status.PASS),
        ({"ops/core.so": ELF, "ops/compile.sh": "nvcc kernels.cu -o core.so\n"}, Status.PASS),
        ({"_c.so": ELF, "setup.py": "from setuptools import setup, Extension\n"
          "setup(ext_modules=[Extension('mine._c', ['a.c'])])\n"}, Status.PASS),
        ({"solver.mexa64": ELF, "solver.m": "% help\n"}, Status.PASS),
        ({"model.pyc": b"\x42\x0d\r\n" + b"\0" * 50, "model.py": "x = 1\n"}, Status.PASS),
        ({"a/model.pyc": b"\x42\x0d\r\n" + b"\0" * 50, "b/model.py": "x = 1\n"}, Status.PARTIAL),
        ({"lib/core.so": ELF, "lib/core.py": "x = 1\n", "readme.md": "# A\n"}, Status.FAIL),
        ({"solver.so": ELF, "train.py": "import solver\n"}, Status.FAIL),
        ({"bin/solver.exe": b"MZ" + b"\0" * 50, "run.py": "p = './bin/solver.exe'\n"}, Status.FAIL),
        ({"old/solver.dll": b"MZ" + b"\0" * 50, "run.py": "x = 1\n"}, Status.PARTIAL),
        ({"lib/stanford-parser-3.6.0.jar": b"PK\x03\x04" + b"\0" * 50}, Status.NOT_APPLICABLE),
        ({"lib/mine.jar": b"PK\x03\x04" + b"\0" * 50}, Status.PARTIAL),
        ({"third_party/lib/core.so": ELF}, Status.NOT_APPLICABLE),
        ({"data/train.a": "1 2 3\n", "data/x.o": "text\n"}, Status.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_a_compiled_file_needs_its_source(tmp_path: Path, files: dict[str, str | bytes], status: Status) -> None:
    files.setdefault("main.py", "import core\n" if "lib/core.py" in files else "x = 1\n")
    assert checked(tmp_path, files, "closed.binaries").status is status


WEIGHTS: dict[str, str | bytes] = {"models/model.pth": b"\0" * 20_000}


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"train.py": "import torch\n"}, Status.NOT_APPLICABLE),
        ({**WEIGHTS, "a.py": "import torch\nnet.load_state_dict(torch.load('models/model.pth'))\n"}, Status.PASS),
        ({**WEIGHTS, "a.py": "import pickle\nmodel = pickle.load(open('models/model.pth'))\n"}, Status.PASS),
        ({**WEIGHTS, "a.py": "import json\ndata = json.load(open('data.json'))\n"}, Status.PARTIAL),
        ({**WEIGHTS, "README.md": "# Mine\n"}, Status.FAIL),
        ({**WEIGHTS, "run.jl": "x = 1\n"}, Status.UNKNOWN),
    ],
)
def test_weights_need_the_code_that_loads_them(
    tmp_path: Path, files: dict[str, str | bytes], status: Status
) -> None:  # fmt: skip
    assert checked(tmp_path, files, "closed.weights").status is status


CALL = "from openai import OpenAI\nclient = OpenAI()\nclient.chat.completions.create(model={model!r}, messages=[])\n"


@pytest.mark.parametrize(
    ("files", "status", "word"),
    [
        ({"a.py": CALL.format(model="gpt-4-0613")}, Status.PASS, "gpt-4-0613"),
        ({"a.py": CALL.format(model="gpt-4o-2024-08-06")}, Status.PASS, "gpt-4o-2024-08-06"),
        ({"a.py": CALL.format(model="gpt-4")}, Status.FAIL, "gpt-4"),
        ({"a.py": CALL.format(model="gpt-3.5-turbo-16k")}, Status.FAIL, "gpt-3.5-turbo-16k"),
        ({"a.py": CALL.format(model="gpt-4-0613"), "b.sh": "python a.py --judge gpt-4o\n"}, Status.PARTIAL, "gpt-4o"),
        ({"a.py": CALL.replace("{model!r}", "args.model"), "conf.yaml": "model: gpt-4-1106-preview\n"}, Status.PASS,
         "gpt-4-1106-preview"),
        ({"a.py": CALL.replace("{model!r}", "args.model")}, Status.FAIL, "no model"),
        ({"a.py": "import anthropic\nanthropic.Anthropic().messages.create(model='claude-3-opus-20240229')\n"},
         Status.PASS, "claude-3-opus-20240229"),
        ({"a.py": "import anthropic\nanthropic.Anthropic().messages.create(model='claude-3-5-sonnet-latest')\n"},
         Status.FAIL, "claude-3-5-sonnet-latest"),
        ({"a.py": "import google.generativeai as genai\ngenai.GenerativeModel('gemini-1.5-pro-002')\n"}, Status.PASS,
         "gemini-1.5-pro-002"),
        ({"a.py": "import cohere\ncohere.Client().chat(model='command-r-plus')\n"}, Status.FAIL, "command-r-plus"),
        ({"a.py": "import replicate\nreplicate.run('meta/llama:" + "0" * 64 + "')\n"}, Status.PASS, "meta/llama"),
        ({"a.py": "import requests\nrequests.post('https://api-inference.huggingface.co/models/x')\n"}, Status.FAIL,
         "Hugging Face"),
        ({"a.py": "import requests\nrequests.post('https://my.openai.azure.com/v1', json={'model': 'gpt-4-0314'})\n"},
         Status.PASS, "gpt-4-0314"),
        ({"a.py": "from google.cloud import vision\nvision.ImageAnnotatorClient()\n"}, Status.FAIL, "Vision"),
        ({"a.py": "import openai\nclient = openai.OpenAI(base_url='http://localhost:8000/v1')\n"
          "client.chat.completions.create(model='llama')\n"}, Status.NOT_APPLICABLE, "no hosted"),
        ({"a.py": "from transformers import pipeline\npipeline(model='gpt2')\n"}, Status.NOT_APPLICABLE, "no hosted"),
        ({"a.py": "# gpt-4 said so\nname = 'gpt-4'\n"}, Status.NOT_APPLICABLE, "no hosted"),
        ({"vendor/a.py": CALL.format(model="gpt-4"), "b.py": "x = 1\n"}, Status.NOT_APPLICABLE, "no hosted"),
        ({"a.py": "import openai\n", "b.py": "x = 1\n"}, Status.NOT_APPLICABLE, "no hosted"),
    ],
)  # fmt: skip
def test_a_hosted_model_needs_a_version_that_does_not_move(
    tmp_path: Path, files: dict[str, str | bytes], status: Status, word: str
) -> None:
    finding = checked(tmp_path, files, "closed.hosted_models")
    assert finding.status is status, finding.sentence
    assert word in finding.sentence


def test_hosted_models_of_notebooks_are_found_with_their_cell(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "source": "We use gpt-4."},
        {"cell_type": "code", "source": CALL.format(model="gpt-3.5-turbo-0301"), "outputs": []},
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    (model,) = hosted_models(tree(tmp_path, {"run.ipynb": text}))
    assert isinstance(model, HostedModel)
    assert (model.name, model.fixed, model.evidence.cell, model.evidence.line) == ("gpt-3.5-turbo-0301", True, 2, 3)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Code coming soon.", Status.PARTIAL),
        ("The training code will be released after acceptance.", Status.PARTIAL),
        ("We will soon release the rest.", Status.PARTIAL),
        ("## Sinkhorn propagation (coming soon)", Status.PARTIAL),
        ("This is a simplified version of our training code.", Status.PARTIAL),
        ("The full code is not yet public.", Status.PARTIAL),
        ("Only a part of the code is released here.", Status.PARTIAL),
        ("The source code cannot be shared.", Status.FAIL),
        ("Our implementation is proprietary.", Status.FAIL),
        ("The code is available upon request.", Status.FAIL),
        ("We are not able to release the full training code.", Status.FAIL),
        ("More results coming soon.", Status.NOT_APPLICABLE),
        ("The dataset will be released soon.", Status.NOT_APPLICABLE),
        ("The full code is available at https://example.org/full.", Status.NOT_APPLICABLE),
        ("The outputs will be added to the folder out.", Status.NOT_APPLICABLE),
        ("If you use this code, please cite our paper.", Status.NOT_APPLICABLE),
        ("Each sample is drawn on request.", Status.NOT_APPLICABLE),
    ],
)
def test_what_the_documentation_says_of_code_kept_back_is_found(tmp_path: Path, text: str, status: Status) -> None:
    files: dict[str, str | bytes] = {"README.md": f"# Mine\n\n{text}\n", "a.py": "x = 1\n"}
    assert checked(tmp_path, files, "closed.elsewhere").status is status


MINIFIED = ";".join(f"def f{n}(alpha, beta): return alpha if beta else f{n}(beta, alpha)" for n in range(200))
LOOK_ALIKE = "\n".join(f"{'O0' * 4}{'O' * n} = {n}" for n in range(1, 20)) + "\n"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("import torch\nprint(1)\n", Status.NOT_APPLICABLE),
        ("import base64\nexec(base64.b64decode(b'cHJpbnQoMSk='))\n", Status.FAIL),
        ("import marshal, zlib\nexec(marshal.loads(zlib.decompress(b'x')))\n", Status.FAIL),
        ("import base64\nhidden = base64.b64decode('eA==')\nexec(hidden)\n", Status.FAIL),
        ("from pytransform import pyarmor_runtime\npyarmor_runtime()\n", Status.FAIL),
        ("from pyarmor_runtime_000000 import __pyarmor__\n__pyarmor__(__name__, b'x')\n", Status.FAIL),
        (f"import zlib\n{MINIFIED.replace('def ', 'lambda_').replace(':', ' or')}\n", Status.FAIL),
        (LOOK_ALIKE, Status.FAIL),
        (f"DATA = [{', '.join(str(n) for n in range(20_000))}]\n", Status.NOT_APPLICABLE),
        (f"IMAGE = '{'QUJD' * 5_000}'\n", Status.NOT_APPLICABLE),
        ("import base64\nimage = base64.b64decode(text)\nexec('x = 1')\n", Status.NOT_APPLICABLE),
    ],
)
def test_a_source_that_hides_what_it_does_is_found(tmp_path: Path, code: str, status: Status) -> None:
    assert checked(tmp_path, {"a.py": code}, "closed.readable").status is status


def test_one_hidden_source_among_many_is_a_part(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"m{n}.py": "x = 1\n" for n in range(4)}
    files["core.py"] = "import base64\nexec(base64.b64decode('eA=='))\n"
    finding = checked(tmp_path, files, "closed.readable")
    assert finding.status is Status.PARTIAL
    assert "core.py" in finding.sentence


def test_a_notebooks_long_lines_are_outputs_and_no_minified_source(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "x = 1", "outputs": [{"output_type": "stream", "text": MINIFIED * 3}]}]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    assert checked(tmp_path, {"run.ipynb": text}, "closed.readable").status is Status.NOT_APPLICABLE
