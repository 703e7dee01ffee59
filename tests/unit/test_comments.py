"""Comments of languages that are read by lines."""

from __future__ import annotations

import pytest

from auditor.repository.code.comments import comment_mark, without_comment


@pytest.mark.parametrize(
    ("path", "line", "code"),
    [
        ("a.m", "fprintf('accuracy %f\\n', acc); % shown", "fprintf('accuracy %f\\n', acc); "),
        ("a.m", "x = A'; % the other way round, isn't it", "x = A'; "),
        ("a.m", "y = [A' 'a%b'] % c", "y = [A' 'a%b'] "),
        ("a.m", "d = 'C:\\'; % where", "d = 'C:\\'; "),
        ("a.m", "s = 'it''s 5%'; % s", "s = 'it''s 5%'; "),
        ("a.R", 'cat("loss # 1\\n") # show', 'cat("loss # 1\\n") '),
        ("a.jl", 'println("\\"#") # done', 'println("\\"#") '),
        ("a.lua", "print('a -- b') -- c", "print('a -- b') "),
        ("a.cpp", 'get("http://x.org"); // fetch', 'get("http://x.org"); '),
        ("a.rs", "fn f<'a>(x: &'a str) {} // borrowed", "fn f<'a>(x: &'a str) {} "),
        ("a.sh", "if [ $# -gt 1 ]; then echo ${x#a}; fi # many", "if [ $# -gt 1 ]; then echo ${x#a}; fi "),
        ("a.sh", "date +%Y", "date +%Y"),
        ("a.m", "% all of it", ""),
    ],
)
def test_a_comment_begins_at_its_mark_outside_quotes(path: str, line: str, code: str) -> None:
    assert without_comment(line, comment_mark(path)) == code
