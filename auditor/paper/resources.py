"""What a paper says about the machines, the time and the software that its experiments took."""

from __future__ import annotations

import re

from auditor.paper.alternatives import Alternatives
from auditor.paper.model import Paper, Statement
from auditor.paper.sayings import NUMBER, Rule, in_table, look, pattern, told

_USED = (
    r"(?:train\w*|run|ran|running|runs|experiment\w*|conduct\w*|perform\w*|evaluat\w*|execut\w*|measur\w*|comput\w*"
    r"|implement\w*|fine-?tun\w*|equipped|benchmark\w*|use[ds]?|using|simulat\w*|machine|server|laptop|cluster|desktop"
    r"|workstation|hardware)"
)
_MODEL = (
    r"(?:NVIDIA\s(?:\S+\s){0,3}(?:GPUs?|[A-Z]*\d{2,4}\w*|Titan|Tesla|Jetson)|GeForce|RTX\s?\w?\d{3,4}(?:\s?Ti)?"
    r"|GTX\s?\d{3,4}(?:\s?Ti)?|Titan\s(?:X|V|Xp|RTX|Black)|Tesla\s[A-Z]\d+s?|Quadro|[AVPHKTL]\d{1,3}s?\sGPUs?"
    r"|[VAPH]100s?|K80s?|TPU(?:\s?v\d|s|\spods?)?|Xeon|Intel(?:\(R\)|®)?\s(?:Core|Xeon|i\d)|Core\s?i\d"
    r"|i[3579]-\d{4}\w*|AMD|Ryzen|EPYC|Apple\sM\d|Raspberry\sPi|Jetson|Arduino|Cortex|MacBook|DGX)"
)
HARDWARE = Rule(
    "compute_hardware_stated",
    pattern(
        rf"\b{_USED}\b.{{0,140}}\b{_MODEL}\b",
        rf"\b{_MODEL}\b.{{0,140}}\b{_USED}\b",
        r"\b(?:NVIDIA|GeForce|Intel|AMD)\s(?:\S+\s){0,4}(?:GPUs?|CPUs?|processors?)\b",
        rf"\b{_USED}\b.{{0,80}}\b(?:a|one|two|three|four|eight|\d+|single)\s(?:[\w-]+\s){{0,2}}(?:GPUs?(?!\smemory)"
        r"|TPUs?|CPU cores?|CPUs)\b",
        rf"\b{_USED}\b.{{0,80}}\b(?:Google\sColab\w*|Colab\b|Kaggle (?:kernel|notebook)s?|AWS|EC2|Azure"
        r"|Google Cloud(?! (?:Translat|Vision|Speech|Storage|Natural|NLP)))",
        r"\b\d+\s?G(?:i?B|b|bytes)\s(?:of\s)?(?:RAM|memory|VRAM|DRAM|GPU memory)\b",
        rf"\b{_USED}\b.{{0,60}}\blaptop\b.{{0,60}}\b(?:Linux|Windows|macOS|Ubuntu|GHz|GB|core)\b",
        r"\b\d(?:\.\d+)?\s?GHz\b",
        rf"\b\d+\s?GB\s{_MODEL}|\b{_MODEL}.{{0,15}}\b\d+\s?GB\b",
        r"\b(?:cluster|server|machine|workstation|node)s?\b.{0,40}\b\d+\s(?:\w+\s)?cores\b",
        r"\b(?:we|were|was|is|are|experiments?)\s(?:\w+\s){0,2}(?:train|ran|run|conduct|perform|execut|carried out"
        r"|comput|simulat)\w*\b.{0,60}\b(?:on|using)\s(?:an?|one|our)\s(?:\w+\s){0,2}(?:CPU|GPU|TPU"
        r"|graphics processing unit|graphics card|laptop|desktop|workstation|PC|supercomputer)\b",
        rf"\b{_USED}\b.{{0,60}}\b(?:(?:comput\w+|HPC|GPU|CPU|university|research) (?:clusters?|facilit(?:y|ies))"
        r"|(?-i:[A-Z]\w+) (?:clusters?|supercomputer))\b",
        r"\b(?:one|two|four|eight|\d+|single)\s(?:[\w-]+\s){0,2}GPUs?\b.{0,20}\b(?:was|were|is|are)\sused\b",
        rf"\b{_USED}\b.{{0,60}}\b(?:RTX\s)?A\d000\b|\bon (?:only )?CPUs?(?: only)?\s?[.;]",
        r"\b(?:RTX|GTX)\s?\d{3,4}|\b(?:1080|2080|3080)\s?Ti\b|\b[pgc]\d\w{0,2}\.\d{0,2}x?large\b",
    ),
    unless=pattern(r"\bneural GPU\b(?!s)", r"\b(?:price|cost|market) of\b.{0,20}\bGPU"),
    beside=pattern(r"\bconclusions?\b|\bfuture\b|\boutlook\b"),
)

_THANKED = pattern(rf"\b{_MODEL}\b.{{0,60}}\bused\s(?:for|in|to)\b")
"""Machines that are thanked for: only what the work used."""

_UNIT = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|GPU[- ](?:hours?|days?)|TPU[- ](?:hours?|days?)"
    r"|ms|milliseconds?|s|h)"
)
_SOME = rf"(?:{NUMBER}|several|a few|an?|half an?|a couple of|tens of|the order of an?)"
_TRAIN = (
    r"(?:train(?:s|ed|ing)?|pre-?train(?:ed|ing|s)?|fine-?tun(?:e|ed|ing|es)|epochs?|fit(?:ting|s)?|convergence"
    r"|converge[sd]?)"
)
TIME = Rule(
    "training_time_stated",
    pattern(
        rf"\b{_TRAIN}\b[^.]{{0,90}}\b(?:tak(?:es?|ing)|took|requir\w+|last(?:s|ed)|need(?:s|ed)?|in|within|for|or"
        r"|about|around|approximately|roughly|under|cost\w*|over|is"
        rf"|was)\s(?:\S+\s){{0,5}}?{NUMBER}(?:\.\d+)?(?:\s?[-–]\s?\d+(?:\.\d+)?)?(?:(?<=\d)|[\s-]){_UNIT}\b",
        r"\b(?:takes?|taking|took|requir\w+|needs?|needed|cost\w*|within"
        rf"|spent)\s(?:\S+\s){{0,4}}?{NUMBER}(?:\.\d+)?[\s-]?{_UNIT}\b[^.]{{0,60}}\b{_TRAIN}\b",
        rf"\b{NUMBER}(?:\.\d+)?[\s-]?{_UNIT}\s(?:of|for|to|per)\s(?:\S+\s){{0,2}}{_TRAIN}\b"
        r"(?!\s(?:data|sets?|examples|material|corpus))",
        rf"\b(?:optimi[sz]\w*|optimum|learning|estimation|experiments?|simulations?)\b[^.]{{0,60}}\b(?:takes?|took"
        rf"|requires?|required|lasts?|lasted)\s(?:\S+\s){{0,3}}{NUMBER}\s?(?:seconds|minutes|hours|days)\b",
        r"\b(?:total|wall[- ]?clock|overall|training|run(?:ning)?) ?-?(?:computation |compute |training )?times?"
        rf"\b[^.]{{0,60}}\b{NUMBER}(?:\.\d+)?\s?{_UNIT}\b",
        # Time told in words: `training … usually took several minutes`, `… on the order of an hour`.
        rf"\b(?:pre-?|fine-?)?(?:train|tun)(?:ing|ed)\b[^.]{{0,120}}\b(?:takes?|took|requir\w+|needs?|needed)\s"
        rf"(?:\w+\s){{0,3}}?{_SOME}\s(?:minutes?|hours?|days?|weeks?)\b",
        r"\b\d[\d,.]*\s(?:GPU|TPU|CPU|core)[- ](?:hours?|days?)\b",
        # What a model reaches after so long is told of its training.
        r"\b(?:accurac\w+|errors?|loss|precision|convergence|optimum)\b.{0,60}\b(?:achieved|reached|attained"
        r"|obtained)\s(?:\w+\s)?(?:in|within|after)\s(?:\w+\s)?\d[\d,. ]{0,8}\s?(?:seconds|minutes|hours|days)\b",
        rf"\b(?:reach\w*|converg\w*|terminat\w*|finish\w*)\b.{{0,60}}\b(?:in|within"
        rf"|after)\s(?:\w+\s){{0,3}}?{NUMBER}(?:\.\d+)?\s"
        r"(?:seconds|minutes|hours|days)\b",
        r"\btraining time per epoch\b.{0,60}\d",
        # A table or a figure that shows it.
        r"^§+\W.{0,50}\b(?:training|epoch)[- ](?:run-?)?times?\b",
        r"\bmeasur\w*\s(?:the\s)?(?:\w+\s)?(?:training|epoch) times?\b",
        r"\btime per epoch\b.{0,30}\d|\btraining times?\b.{0,30}\b(?:given|reported|shown|listed"
        r"|summari[sz]ed)\s(?:in|by)\s§",
        rf"\b(?:takes?|took|requires?|needs?)\s(?:\w+\s){{0,2}}?{_SOME}\s(?:minutes?|hours?|days?"
        rf"|weeks?)\sto\s(?:\w+\s)?train",
        rf"\b(?:took|takes)\s(?:\w+\s)?{NUMBER}(?:\.\d+)?\s(?:hours?|days?|weeks?)\s(?:\w+\s)?(?:on|using"
        rf"|with)\b.{{0,30}}\b(?:GPUs?|TPUs?|CPUs?)\b",
        rf"\b(?:trained|optimi[sz]ed|pre-?trained|fine-?tuned)\b.{{0,40}}\bduring\s{NUMBER}\s(?:hours|days|minutes)\b",
        rf"\b(?:experiment|model|training|job)s?\s(?:\w+\s)?(?:ran|runs?)\sfor\s(?:\w+\s)?{NUMBER}\s(?:hours|days)\b",
        rf"\beach (?:run|experiment|model|fold|trial)\s(?:\w+\s)?(?:takes?|took|requires?|required|needs?|lasted)\s"
        rf"(?:\S+\s){{0,3}}{NUMBER}(?:\.\d+)?[\s-]?(?:minutes?|mins?|hours?|days?)\b",
    ),
    unless=pattern(
        rf"\b(?:first|last|next|previous)\s{NUMBER}\s{_UNIT}\b",
        r"\b(?:budget|time limit|time-?out)\b",
        rf"\b{NUMBER}[\s-]?{_UNIT}\s(?:\w+\s)?(?:windows?|clips?|segments?|intervals?|stride|bins?|episodes?)\b",
        r"\bspeech\b|\brecordings?\b|\bvideos?\b|\baudio\b",
    ),
    deny=False,
)
_TIME_HEADER = pattern(r"\b(?:train\w*|fine-?tun\w*|wall[- ]?clock)\b.{0,15}\btimes?\b")
_PLAIN_TIME = pattern(r"^(?:total |run(?:ning)? )?times?\b")

_SOFTWARE = (
    r"(?:PyTorch|Torch|TensorFlow|Keras|JAX|Flax|MXNet|Caffe2?|Theano|Chainer|Python|CUDA|cuDNN|scikit-?learn|sklearn"
    r"|NumPy|SciPy|pandas|XGBoost|LightGBM|CatBoost|Transformers|HuggingFace(?:['’]s)? Transformers|spaCy|NLTK|OpenCV"
    r"|MATLAB|Matlab|Julia|Stan|PyMC3?|Pyro|GCC|gcc|g\+\+|Java|OpenJDK|Weka|Spark|Gym|Gymnasium|MuJoCo"
    r"|Stable[- ]?Baselines3?|Ray|RLlib|vLLM|DeepSpeed|Lightning|statsmodels|TF|Gurobi|CPLEX|MOSEK|CVXPY|SPSS|Stata"
    r"|PyG|DGL|fairseq|Optuna|GPyTorch|BoTorch|CoreNLP|CARLA|Unity|Gazebo|Kaldi|Moses|SacreBLEU|sacreBLEU|GROMACS"
    r"|PyBullet|librosa|MMDetection|NetworkX|igraph|SUMO|Simulink|Ansys|OpenFOAM|COMSOL)"
)
_NUMBERED = (
    r"(?:Section|Sec|Chapter|Appendix|Theorem|Lemma|Proposition|Corollary|Definition|Remark|Table|Figure|Eq"
    r"|Equation|Ubuntu|Debian|CentOS|Linux|Windows|macOS|OSX?)"
)
SOFTWARE = Rule(
    "software_versions_stated",
    Alternatives.of(
        rf"\b{_SOFTWARE}(?:\s(?:library|package|framework|toolkit|toolbox))?(?:\s\[\d+\]"
        rf"|\s\([^)]{{1,40}}\))?,?[\s-]?(?:\()?(?:version|ver\.|v\.?"
        r"|release)?\s?\d+\.\d+(?:\.\d+)*\b(?!\s?%)|\b(?:library|package|framework|toolkit|toolbox|simulator|solver"
        r"|software)\s\(?(?:version|ver\.|v\.?)\s?\d+\.\d+|\b(?:MATLAB|Matlab)\s?\(?R?20\d\d[ab]\b"
        # A number of three parts is that of a release.
        rf"|\b(?!{_NUMBERED}\b)[A-Za-z]*[A-Z][\w+-]{{1,20}}\s\(?(?:version\s"
        rf"|v\.?\s?)?\d{{1,2}}\.\d{{1,2}}\.\d{{1,3}}\b(?!\.\d)|\b{_SOFTWARE}\s?=\s?\d|\b(?:torch|numpy|scipy"
        rf"|transformers|pandas|tensorflow|keras|pytorch)\s?=?\s?\d+\.\d+"
        r"|\bSPSS(?:\sStatistics)?,?\s(?:v\.?\s?|version\s)?\d\d|\b(?:implementation|toolkit|code|release"
        r"|tokenizer)\s\(?(?:version\s|v\.?\s?)\d+(?:\.\d+)+"
        rf"|\bR\s(?:version|v\.?)\s?\d+\.\d+|\bR\s\(?(?:version\s|v\.?\s?)?[34]\.\d+\.\d+|\b{_SOFTWARE}\sversion\s\d+|"
        rf"\b{_SOFTWARE}\s?==\s?\d"
        r"|\b[A-Za-z][\w-]{1,40}\s?==\s?\d+\.\d+|\b[a-z][\w.-]{1,30}\s\d+\.\d+\.\d+\s[a-z][\w.-]{1,30}\s\d+\.\d+\.\d+"
    ),
    deny=False,
    digits=True,
)


def hardware(paper: Paper) -> Statement:
    """Return whether the machine that ran the experiments is named, at least as so many GPUs."""
    found = look(paper, HARDWARE)
    if found.answer == "stated":
        return found
    for sentence in paper.sentences:
        if sentence.kind == "acknowledgements" and (match := _THANKED.search(sentence.text[:800])):
            return told(HARDWARE.item, sentence, match)
    return found


def time(paper: Paper) -> Statement:
    """Return whether the time that training took is told, in a sentence or as a column of a table."""
    found = look(paper, TIME)
    if found.answer == "stated":
        return found
    for table in paper.tables:
        for place, name in enumerate(table.header):
            trained = _PLAIN_TIME.search(name) and re.search(rf"\b{_TRAIN}\b", table.caption, re.I)
            if (_TIME_HEADER.search(name) or trained) and any(
                _is_time(row[place]) for row in table.rows if place < len(row)
            ):
                return in_table(paper, TIME.item, table, name, "table")
    return found


def _is_time(cell: str) -> bool:
    return bool(re.fullmatch(rf"[~≈<]?\s?\d[\d.,:]*\s?{_UNIT}?(?:\s?±.*)?", cell.strip()))


def software(paper: Paper) -> Statement:
    """Return whether the software that the experiments need is named with versions."""
    return look(paper, SOFTWARE)
