"""Declared distributions that nothing in the repository uses."""

from __future__ import annotations

import re

from auditor.findings import FileEvidence
from auditor.repository.declared.distributions import is_standard, same_distributions
from auditor.repository.declared.manifests import Declared
from auditor.repository.model import Repository, Requirement

# Distributions that are used without being imported: installers, tools of development, documentation and notebooks,
# compilers, drivers, and what other distributions ask for at run time (file formats, drawing, build parts).
_TOOLS = frozenset(
    """
    pip setuptools wheel conda cython ninja cmake pybind11 cffi build twine hatchling flit-core poetry-core
    pytest pytest-cov pytest-xdist coverage nose tox hypothesis black flake8 pylint mypy isort ruff yapf autopep8
    pre-commit bandit pycodestyle pydocstyle sphinx sphinx-rtd-theme numpydoc mkdocs nbsphinx nbstripout
    jupyter jupyterlab notebook ipykernel ipython ipywidgets nbconvert nbformat jupyterthemes spyder ipdb pdbpp
    tensorboard tensorboardx tensorflow-estimator visdom gpustat nvitop snakeviz line-profiler memory-profiler
    gunicorn uvicorn dvc mlflow wandb awscli gdown kaggle
    openpyxl xlrd xlsxwriter tables pytables pyarrow fastparquet lxml html5lib pyqt5 pyside2 tk kaleido ffmpeg
    imageio-ffmpeg python-dateutil pytz certifi protobuf grpcio typing typing-extensions future six enum34 futures
    importlib-metadata dataclasses backports
    hdf5 h5py libgcc libgcc-ng libstdcxx-ng zlib readline sqlite openssl openblas blas mkl mkl-service intel-openmp
    nomkl cpuonly cudatoolkit cudnn cuda magma-cuda100 pytorch-cuda nccl pthreads swig git gcc gxx gfortran make
    accelerate bitsandbytes sentencepiece tiktoken sacremoses xformers flash-attn triton einops box2d box2d-py
    atari-py ale-py mujoco pyglet pyopengl numexpr bottleneck scipy ffmpeg-python opencv
    """.split()  # noqa: SIM905
)
_PREFIXES = (
    "types-",
    "nvidia-",
    "pytest-",
    "sphinx",
    "sphinxcontrib-",
    "flake8-",
    "lib",
    "r-",
    "jupyter",
    "cuda-",
    "mkl",
)
"""Beginnings of names of typing stubs, drivers, plugins, system libraries and packages of R."""


def unused_requirements(
    repository: Repository, declared: dict[str, Declared], imported: dict[str, tuple[FileEvidence, ...]]
) -> tuple[Requirement, ...]:
    """Return what a file asks for by name and nothing imports, known tools excepted; none where nothing is imported.

    A lock, or a program's list of all that is installed, asks for nothing by name. What a shell script or a documented
    command starts is used.
    """
    if not imported:
        return ()
    started = _started(repository)
    found: dict[str, Requirement] = {}
    for item in (r for entry in declared.values() if not entry.listed for r in entry.requirements):
        same = same_distributions(item.name)
        used = same & imported.keys() or same & started or same & _TOOLS or item.name.startswith(_PREFIXES)
        if not used and not item.optional and not item.url and not is_standard(item.name):
            found.setdefault(item.name, item)
    return tuple(found.values())


def _started(repository: Repository) -> frozenset[str]:
    """Return the first words of documented commands and the modules that `-m` starts."""
    words: set[str] = set()
    for document in repository.documents:
        for block in document.blocks:
            for line in block.text.split("\n")[:500]:
                first = re.match(r"^[\s$>!%]{0,8}([A-Za-z][\w.-]{1,60})", line)
                module = re.search(r"\s-m\s+([A-Za-z]\w{1,60})", line[:500])
                words |= {match[1].lower().replace("_", "-") for match in (first, module) if match}
    return frozenset(words)
