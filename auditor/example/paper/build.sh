#!/bin/sh
# Builds paper.pdf and paper-overclaims.pdf from paper.tex; needs pdflatex. The same sources give the same bytes.
set -eu
cd "$(dirname "$0")"
export SOURCE_DATE_EPOCH=1795219200 FORCE_SOURCE_DATE=1 # 21 November 2026
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { # name, what comes before \input{paper}
    for _ in 1 2 3; do
        pdflatex -halt-on-error -interaction=nonstopmode -output-directory="$work" -jobname="$1" \
            "$2\\pdftrailerid{}\\input{paper}" > "$work/log" || { tail -30 "$work/log"; exit 1; }
    done
    cp "$work/$1.pdf" .
}
build paper ''
build paper-overclaims '\def\overclaims{}'
