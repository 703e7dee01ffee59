"""What lets two runs of the same code differ although its generators are seeded, or what no seed reaches.

The rows are those of the project's table of sources of non-determinism; `docs/determinism.md` lists them with what was
verified, in which version of which library.
"""
