"""The words and figures by which a measured result is known: a metric's name, and a number as one measures it."""

from __future__ import annotations

import re

_EXACT = (
    r"acc(urac(y|ies))?|top-?\s?[15]|error rate|(test|val\w{0,7}) (error|acc|loss|perplexity|score)"
    r"|(?-i:F1)|f1(?=[-_ ]?(score|micro|macro|measure|=|:))|f-?score|f-?measure|au-?(roc|prc?|c)|roc-?auc|ap50|ap75"
    r"|precision|recall|prec@\d{1,3}|p@\d{1,3}|ndcg(@\d{1,3})?|mrr|(?-i:mAP|MAP|AP)|average precision|m?iou"
    r"|bleu(-?\d)?|rouge(-?[12l])?|meteor|cider|perplexit(?:y|ies)|ppl|r?mse|mae|mape|nll|log-?\s?lik\w{0,10}|elbo"
    r"|bits/dim|bpd|bpc|fid|inception score|psnr|ssim|lpips|hits@\s?\d{1,3}|nmi|ari|wer|cer|eer|dice|success rate"
    r"|spearman('s)?|pearson|correlation|kendall|r2|ece|brier|regret|hmean|mcc|kappa|coverage|speed-?up"
    r"|sharpe|hausdorff|chamfer|modularity|conductance|misclassification"
)
EXACT = re.compile(rf"(?<![a-z])({_EXACT})(?![a-z])", re.I)
"""Names of quantities that are computed to judge a method."""
LOOSE = re.compile(
    rf"(?<![a-z])({_EXACT}|rewards?|returns?|err(or)?s?|loss|auc|em|likelihood|score|time|throughput|performance"
    r"|results?|average|avg|mean|std|runtime|seconds|ms|pesq|stoi|gap|cost)(?![a-z])",
    re.I,
)
"""Those, and words that name a result where a table or a heading stands behind them."""
TRAINING = re.compile(
    r"(?<![a-z])(epoch|iter\w{0,7}|step|batch|round|train\w{0,4}|eta|sample)(?![a-z])|it/s|s/it|%\|", re.I
)
"""Words of a line that tells how a training goes on."""
HEADING = re.compile(
    r"\b(results?|performances?|evaluations?|benchmarks?|comparisons?|leaderboard|accuracy|experiments?|reproduc\w{0,8}"
    r"|model zoo|scores?|expected|metrics?|ablations?|numbers)\b",
    re.I,
)
RESULTS = re.compile(r"\b(results?|performances?|accuracy|benchmarks?|leaderboard|scores?)\b", re.I)
"""Titles below which a measured value needs no metric's name."""
CLAIM = re.compile(
    r"\b(results?|achiev\w{0,4}|obtain\w{0,3}|gets?|reach\w{0,3}|gives?|yields?|attain\w{0,3}|outperform\w{0,3}"
    r"|should (see|get|give|be|have|obtain)|expect\w{0,2}|output|reports?|reported|performance|reproduc\w{0,4}"
    r"|improve\w{0,5}|scores?|results? in|test|validation|average|above|below)\b",
    re.I,
)
CHOSEN = re.compile(
    r"\b(set|use[ds]?|using|defaults?|threshold\w{0,3}|parameters?|options?|choose|chosen|tolerance|targets?|criterion"
    r"|fp16|stop\w{0,5}|weight\w{0,3}|rate)\b",
    re.I,
)
"""Words of a sentence in which a metric's number may be a setting: it must then claim to be a result."""
CELL = re.compile(
    r"^[~<>≈↑↓$(]{0,3}\s?[*_]{0,3}\s?[-+–]?\d{1,6}([.,]\d{1,6})?(e-?\d{1,3})?\s?[%kMx]?\s?[*_$]{0,3}"
    r"(\s?(\(\s?(±|\+/-|\\pm)?|±|\+/?-|\\pm|/|[,;|]\s)\s?[\d.].{0,30})?\)?$"
)
"""A cell of a table that holds a number, with its spread or a second number where one is given."""
SPREAD = re.compile(r"\d\s?%?\s?\(?(±|\+/-|\\pm|\+-)\s?\d")
MEASURED = re.compile(
    r"(?<![\w.\-/])-?\d{1,6}\.\d{1,18}(e-?\d{1,3})?\s?%?(?![\d.]*\w)|(?<![\w.\-/])\d{1,3}(\.\d{1,4})?\s?%"
)
"""A decimal number or a percentage."""
_BETWEEN = r"[^.\n|;]{0,60}?"
_NUMBER = (
    r"(?<![\w.\-/@])-?(\d{1,6}\.\d{1,18}(\s?[-–]\s?\d{1,6}\.\d{1,18}|\s?/\s?\d{1,6}\.\d{1,18})?(?![\w.]{0,20}\.\d)"
    r"|\d{1,3}(\.\d{1,4})?\s?%(?!\s?(of|test|train|val|the|data|samples|split|noise|label)))"
)
STATED = re.compile(
    rf"(?<![a-z])({_EXACT})(?![a-z]){_BETWEEN}{_NUMBER}|{_NUMBER}\s?%?{_BETWEEN}(?<![a-z])({_EXACT})(?![a-z])"
    rf"|(?<![a-z])(test|valid(ation)?):?\s{{1,3}}{_NUMBER}",
    re.I,
)
"""A metric's name and a measured number close to it, in either order, within one sentence; or a held-out set's."""
