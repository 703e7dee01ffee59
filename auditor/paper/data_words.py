"""Words that are no names of data sets: those that lead to a name, kinds of data, models, places, fields."""

from __future__ import annotations

import re

LEADING = frozenset(
    "a accuracy additional all also an and another any appendix as at available because benchmark binary both "  # noqa: SIM905
    "by class classification common comparison consider corpus current custom data dataset dataset-specific "
    "datasets de description details different domain-specific downstream each eight eleven evaluation every "
    "existing experiment experimental experiments factual fig figure finally fine-tuning first five following "
    "for four from full furthermore given hence here however if image images in input it its labeled labelled "
    "large large-scale list main manual many method methods model models more moreover most multi-class "
    "multi-label multiclass multilabel multiple new next nine no not note number of on one or original other "
    "our output overview performance popular pre-trained pre-training pretrained pretraining public publicly "
    "raw real real-world regression results same second section seven several simulated since six small "
    "small-scale some source standard state-of-the-art statistics summary synthetic table target ten test "
    "testing text that the their then there these they third this those three thus to toy train training "
    "twelve two unlabeled using validation various we well-known what when where which while widely-used with".split()
)
"""Words that stand before or behind a name and are no part of it."""
KINDS = frozenset(
    "action aggregated annotated appropriate audio augmented balanced base biggest calibration challenging "  # noqa: SIM905
    "chosen classification clean cleaned clinical collected combined complete complex corresponding corrupted "
    "dev development dialogue document domain-specific driving dynamic empirical entire evaluation expert "
    "external face facial filtered final fine-tuning finetuning finite forget former generated genomic global "
    "graph health held-in held-out hidden high-dimensional hospital human image imbalanced in-house infinite "
    "initial input-output instruction internal joint labelled language larger largest largest-scale last "
    "latent latter limited local low-dimensional medical merged mini mixed modified molecular monolingual "
    "multi-modal multilingual national network news noisy normalized novel object observed offline online "
    "parallel particular patient poisoned pre-training preference preprocessed pretraining previous private "
    "processed proposed proprietary query question-answering reference regression relevant required "
    "respective resulting retain robot robotic scale second selected sensor simple simulated simulation "
    "smaller smallest speech standardized static support tabular task-specific text time-series traffic "
    "transfer translation underlying unlearning updated video weighted whole wider".split()
)
"""Words that say what kind of data set is meant, in `the … data set`."""
_MODELS = (
    r"(?:GPT|BERT|RoBERTa|XLNet|T5|Llama|LLaMA|Mistral|Qwen|Gemini|Claude|Pythia|Gemma|DeepSeek|ResNet|VGG|DenseNet"
    r"|AlexNet|LeNet|ViT|U-Net|LSTM|GRU|CNN|RNN|MLP|SVM|kNN|GAN|VAE|SGD|Adam|PCA|GBDT|XGBoost|Inception|MobileNet"
    r"|EfficientNet|WideResNet|WRN|BioBERT|DistilBERT|CLIP)s?(?:[-.\d+][\w.+-]{0,20})?(?:\s.{0,40})?"
)
_PLACES = (
    r"(?:Sec(?:tion|s?\.)?|Tables?|TABLE|FIG(?:URE|\.)|Fig(?:ure|s?\.)?|Eq(?:uation|s?\.)?|Appendix|Algorithm|Theorem|Lemma|Proposition"
    r"|Corollary|Definition|Figs?|Task|Step|Phase|Part)(?:\s[A-Z]?[\d.]*)?"
)
_OTHER = (
    r"(?:AI|NLP|ML|RL|LLMs?|NLI|QA|DNNs?|CPUs?|GPUs?|TPUs?|APIs?|URLs?|IDs?|IID|OOD|NER|POS|MT|ASR|CV|SOTA|PDF|JSON"
    r"|CSV|II+|IV|January|February|March|April|May|June|July|August|September|October|November|December|English|German|French"
    r"|Chinese|Spanish|Japanese|Gaussian|Bayesian|Euclidean|Bernoulli|Poisson|Dirichlet|AUC|F1|ROC|BLEU|ROUGE|RMSE"
    r"|MAE|MSE|FID|IoU|Acc|EM|Log-?[Ll]oss|log\d{1,2}|NVIDIA|Intel|Tesla|GeForce|Arduino(?: \w+)?|Raspberry Pi|Google"
    r"|Microsoft|Python|R|PyTorch|TensorFlow|Keras|MATLAB|Linux|CUDA|Monte Carlo|Gauss"
    r"|\S{1,30}-(?:based|level|like|style|derived|wise|free|aware|specific|trained|guided|driven)"
    r"|D(?:train|test|val|seed|source|target|aux)\w{0,8}|[A-Z][a-z]{2,9}(?:ian|ese|ish|ean)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)(?:\s\d{1,4}){0,2}"
    r"|Hindi|Sanskrit|Arabic|Greek|Dutch|Welsh|Czech|Thai|Tamil|Telugu|Bengali|Marathi|Gujarati|Urdu|Punjabi|Malayalam"
    r"|Kannada|Hebrew|Basque|Latin|Icelandic|Swahili|Yoruba|Igbo|Hausa|Somali|Zulu|Mandarin|Cantonese|Catalan|Nepali"
    r"|RBF|DTW|FFT|SNR|SNAP|Konect|KONECT|Kaggle|UCI|OpenML|HuggingFace|Hugging Face|GitHub|Zenodo|LIBSVM|Weka"
    r"|NeurIPS|ICML|ICLR|CVPR|ACL|EMNLP|ReScience|Stanford|Harvard|US|UK|EU|USA|Germany|China)"
)
_ENDS_AS_MODEL = r"\S{0,30}(?:RNN|LSTM|GRU|CNN|GAN|VAE|BERT|[Ff]ormer|MLP|SVM|ResNet)s?(?:-\w{1,6})?"
_ENDS_AS_METHOD = (
    r".{1,40}\s(?:Networks?|Forests?|Trees?|Regression|Machines?|Models?|Learning|Process(?:es)?|Algorithms?|Methods?"
    r"|Transformers?|Optimi[sz]ers?|Optimi[sz]ation|Classifiers?|Autoencoders?|Functions?|Loss|Kernels?|Analysis"
    r"|Coefficients?|Curves?|Distance|Divergence|Transforms?|Attention|Descent|Ensembles?|Dropout)"
)
_ENDS_AS_PLACE = (
    r".{1,50}\s(?:Repository|Hub|Platform|Library|API|Toolbox|Toolkit|Framework|Simulator|University|Hospital|Institute"
    r"|Foundation|Cent(?:er|re)|Laboratory|Company|Department|Ministry|Agency|Organi[sz]ation|Turk|Drive|Cloud)"
)
_NO_NAME = re.compile(
    rf"(?:{_ENDS_AS_MODEL}|{_ENDS_AS_METHOD}|{_ENDS_AS_PLACE}|{_MODELS}|{_PLACES}|{_OTHER}|[A-Z]\.?|[A-Z]\d|\d+\S?|[A-Z][a-z]\d?)"
)


_SPLITS = re.compile(r"\b(?:Train|Test|Val|Valid|Dev)\s(?:Train|Test|Val|Valid|Dev)\b")
"""Heads of columns."""


def _is_general(word: str) -> bool:
    return word.isdigit() or word.lower() in LEADING


def is_name(text: str) -> bool:
    """Return whether the text can be the name of a data set: it has letters, and is no model, place or field."""
    if _SPLITS.search(text) or all(map(_is_general, text.split())) or not any(map(str.isalpha, text)) or len(text) < 2:
        return False
    return not _NO_NAME.fullmatch(text) and not any(len(word) == 1 and word.isalpha() for word in text.split()[1:])
