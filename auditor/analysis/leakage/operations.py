"""What libraries' names mean for leakage: which take a statistic over rows, which draw rows anew, fit, test, or score.

Classes and functions are known by the last part of their name: scripts import them from many places, and the libraries
agree on the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Kind = Literal[
    "resampling", "augmentation", "augmented_reading", "target_encoding", "selection", "decomposition",
    "discretisation", "imputation",
    "scaling", "encoding", "categories", "vocabulary", "outliers", "group", "aggregate", "transform", "model", "order",
    "typed",
]  # fmt: skip

Severity = Literal["high", "medium", "low"]

SEVERITY: dict[Kind, Severity] = {
    "resampling": "high",
    "target_encoding": "high",
    "selection": "high",
    "augmentation": "medium",
    "augmented_reading": "low",
    "decomposition": "medium",
    "outliers": "medium",
    "group": "low",
    "model": "medium",
    "order": "medium",
    "transform": "low",
    "discretisation": "low",
    "imputation": "low",
    "scaling": "low",
    "encoding": "low",
    "categories": "low",
    "vocabulary": "low",
    "aggregate": "low",
    "typed": "low",
}
"""By what is known of the effect on the measured performance (Kapoor & Narayanan 2023; arXiv:2604.04199)."""

WORDS: dict[Kind, str] = {
    "resampling": "resampled",
    "augmentation": "augmented",
    "augmented_reading": "augmented anew at each reading",
    "target_encoding": "encoded by the target",
    "selection": "selected",
    "decomposition": "decomposed",
    "outliers": "cleaned of outliers",
    "group": "given statistics of groups",
    "model": "filled by a model",
    "order": "joined with earlier or later rows",
    "transform": "transformed",
    "discretisation": "discretised",
    "imputation": "imputed",
    "scaling": "scaled",
    "encoding": "encoded",
    "categories": "given a list of categories",
    "vocabulary": "given a vocabulary",
    "aggregate": "given statistics",
    "typed": "given typed numbers read off a statistic",
}

RESAMPLING = ("resampling", "augmentation", "augmented_reading")
"""Kinds that change which rows there are, rather than what is in them."""

_CLASSES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "target_encoding",
        re.compile(
            r"^(Target|LeaveOneOut|JamesStein|MEstimate|CatBoost|WOE|GLMM|Quantile|Mean|DecisionTree|Ratio"
            r"|Likelihood)Encoder$|^WoE(Transformer)?$"
        ),
    ),
    (
        "selection",
        re.compile(
            r"^(SelectKBest|SelectPercentile|Select(Fpr|Fdr|Fwe|FromModel)|GenericUnivariateSelect|RFE|RFECV|Boruta\w*"
            r"|PermutationImportance|SequentialFeatureSelector|ExhaustiveFeatureSelector|SFS|SelectByShuffling"
            r"|RecursiveFeature\w+|SmartCorrelatedSelection|\w+FeatureSelector|GeneticSelectionCV)$"
        ),
    ),
    (
        "decomposition",
        re.compile(
            r"^((Incremental|Kernel|Sparse|MiniBatchSparse|Randomized)?PCA|TruncatedSVD|NMF|FastICA|FactorAnalysis"
            r"|LatentDirichletAllocation|LinearDiscriminantAnalysis|LDA|UMAP|TSNE|Isomap|LocallyLinearEmbedding|MDS"
            r"|VarianceThreshold|DropConstantFeatures|DropCorrelatedFeatures|SpectralEmbedding|RandomTreesEmbedding"
            r"|NeighborhoodComponentsAnalysis|PLSRegression|CCA|FeatureAgglomeration)$"
        ),
    ),
    ("discretisation", re.compile(r"^KBinsDiscretizer$|Discreti[sz]er$")),
    ("imputation", re.compile(r"Imputer$|^(IterativeSVD|SoftImpute|KNN|NuclearNormMinimization|MICE|BiScaler)$")),
    (
        "scaling",
        re.compile(r"Scaler$|^(PowerTransformer|QuantileTransformer|YeoJohnson\w*|BoxCox\w*|Normalization|Winsorizer)$"),
    ),
    (
        "vocabulary",
        re.compile(
            r"Vectorizer$|^TfidfTransformer$|^Tokenizer$|^TextVectorization$"
            r"|^Word2Vec$|^Doc2Vec$|^Dictionary$"
        ),
    ),
    (
        "categories",
        re.compile(
            r"^(Label|Ordinal|Binary|BaseN|Backward\w+|Helmert|Sum|Polynomial)Encoder$"
            r"|^(String|Integer)Lookup$|^CategoryEncoding$"
        ),
    ),
    ("encoding", re.compile(r"Encoder$")),
)  # fmt: skip

_STATELESS = re.compile(
    r"^(Normalizer|Binarizer|FunctionTransformer|PolynomialFeatures|HashingVectorizer|FeatureHasher|HashingEncoder"
    r"|AdditiveChi2Sampler|ToTensor|Resize|Flatten|Rescaling|SplineTransformer)$"
)
_ONE_HOT = re.compile(r"^OneHotEncoder\w{0,20}$|^(Multi)?LabelBinarizer$")
"""A column for each category: one that only test rows have is all zero in training, and teaches nothing."""
COMBINED = re.compile(
    r"^(Pipeline|make_pipeline|ColumnTransformer|make_column_transformer|FeatureUnion|make_union|DataFrameMapper)$"
)
"""Several steps in one object, which keeps what its steps keep."""
_UNDER = re.compile(
    r"Under|^(NearMiss|TomekLinks|ClusterCentroids|CondensedNearestNeighbour|EditedNearestNeighbours|AllKNN"
    r"|OneSidedSelection|NeighbourhoodCleaningRule|InstanceHardnessThreshold|RepeatedEditedNearestNeighbours)$"
)


def kind_of_class(name: str) -> Kind | None:
    """Return what fitting a class by this name and transforming with it does; None where it learns nothing."""
    last = name.rpartition(".")[2]
    if _STATELESS.match(last) or _ONE_HOT.match(last):
        return None
    for kind, pattern in _CLASSES:
        if pattern.search(last):
            return kind
    return "transform"


def gravest(kinds: Iterable[Kind | None]) -> Kind | None:
    """Return the gravest of what several steps do, a known one before an unknown one; None where none does anything."""
    rank = {"high": 0, "medium": 1, "low": 2}
    known = [kind for kind in kinds if kind is not None]
    return min(known, key=lambda kind: (rank[SEVERITY[kind]], kind == "transform"), default=None)


def multiplies_rows(name: str) -> bool:
    """Return whether a resampler by this name copies or makes rows; one that only leaves rows out does not."""
    return not _UNDER.search(name.rpartition(".")[2])


FIT = frozenset(
    "fit fit_generator partial_fit train_on_batch fit_on_texts fit_on_sequences adapt fit_one_cycle fine_tune"  # noqa: SIM905
    " build_vocab".split()
)
FIT_TRANSFORM = frozenset(("fit_transform", "fit_predict"))
RESAMPLE = frozenset(("fit_resample", "fit_sample"))
TRANSFORM = frozenset(
    "transform texts_to_sequences texts_to_matrix sequences_to_matrix inverse_transform doc2bow".split()  # noqa: SIM905
)
PREDICT = frozenset(
    "predict predict_proba predict_log_proba predict_classes predict_generator predict_on_batch decision_function"  # noqa: SIM905
    " forecast score_samples".split()
)
SCORE = frozenset(("score", "evaluate", "evaluate_generator", "test_on_batch"))

AGGREGATES = frozenset(
    "mean std var median mode min max quantile nanmean nanstd nanmin nanmax nanmedian percentile nanpercentile average"  # noqa: SIM905
    " ptp idxmax idxmin describe amax amin cov skew kurt sem mad".split()
)
"""One number over many rows; with an axis of 1 it is one for each row instead."""
CORRELATIONS = frozenset(
    "corr corrwith f_regression f_classif chi2 mutual_info_classif mutual_info_regression pearsonr spearmanr".split()  # noqa: SIM905
)
LEARNED = frozenset(
    "feature_importances_ coef_ ranking_ support_ scores_ pvalues_ pvalues get_support".split()  # noqa: SIM905
)
"""What an estimator learned of its features: columns chosen by it were chosen with the rows it was trained on."""
PER_ROW_AXES = (1, -1, "columns", "1")

TRANSFORMING: dict[str, Kind] = {
    "scale": "scaling", "minmax_scale": "scaling", "maxabs_scale": "scaling", "robust_scale": "scaling",
    "quantile_transform": "scaling", "power_transform": "scaling", "zscore": "scaling", "boxcox": "scaling",
    "yeojohnson": "scaling", "winsorize": "outliers", "qcut": "discretisation", "cut": "discretisation",
    "remove_outliers": "outliers",
}  # fmt: skip
"""Functions that take a statistic over the rows they are given and put it into them."""
ORDERING = frozenset({"shift", "rolling", "ewm", "expanding", "pct_change", "diff"})
"""Methods that show that rows stand in an order: they put values of other rows beside each."""
FILLING: dict[str, Kind] = {
    "ffill": "imputation",
    "bfill": "imputation",
    "interpolate": "imputation",
    "rank": "scaling",
}

SPLITTING = frozenset(
    "train_test_split random_split train_validation_split split_dataset temporal_train_test_split"  # noqa: SIM905
    " iterative_train_test_split".split()
)
TRAINING_WORDS = FIT | FIT_TRANSFORM | RESAMPLE | PREDICT | SCORE | SPLITTING | {"backward", "cross_val_score", "train"}
"""Calls without one of which a program has nothing to leak into."""
FOLDS = re.compile(r"(Fold|ShuffleSplit|LeaveOneOut|LeavePOut|LeaveOneGroupOut|LeavePGroupsOut|TimeSeriesSplit)$")
CROSS_VALIDATING = frozenset(
    "cross_val_score cross_validate cross_val_predict learning_curve validation_curve cross_val_metrics".split()  # noqa: SIM905
)
SAFE = re.compile(
    r"^(Pipeline|make_pipeline|ColumnTransformer|make_column_transformer|FeatureUnion|make_union|\w*SearchCV|\w+ClassifierCV"
    r"|BayesSearchCV|StackingClassifier|StackingRegressor|VotingClassifier|VotingRegressor|CalibratedClassifierCV)$"
)
TRAINING = re.compile(r"(^|\.)(xgb|xgboost|lgb|lightgbm|catboost)\w*\.train$|^(xgboost|lightgbm)\.train$")
READING = re.compile(
    r"^(read_\w+|load\w*|fetch_\w+|loadtxt|genfromtxt|loadmat|imread|open|glob|listdir|make_\w+|get_data\w*"
    r"|image_dataset_from_directory|flow_from_\w+|ImageFolder|DatasetFolder|from_csv|list_files|walk)$"
)
DATA_SETS = re.compile(
    r"^(torchvision|torchtext|torch_geometric|tensorflow_datasets|keras|tensorflow|sklearn)\.(\w+\.)*datasets\.\w"
)
INDEXING = frozenset("arange permutation range choice shuffle randperm linspace argsort".split())  # noqa: SIM905
SCORING = re.compile(
    r"(_score|_error|_loss|_matrix|_report|_curve|_auc|_deviance)$|^(auc|accuracy|rmse|mse|mae|r2|f1|log_loss|BCELoss)$"
    r"|^(precision_recall_fscore_support|classification_report|plot_confusion_matrix|cross_entropy|binary_cross_entropy"
    r"|nll_loss|mse_loss|roc_curve|rmsle|mape|smape|score|get_score|evaluate|metric|metrics)$|Loss$|Criterion$",
    re.I,
)
NETWORK = re.compile(r"(^|\.)(Module|Model|Sequential|LightningModule|DataParallel|DistributedDataParallel)$")
LAYER = re.compile(r"(^|\.)nn\.[A-Z]\w+$|(^|\.)layers\.\w+$")
BEST = re.compile(r"(^|[_.'\[])(best|min|max|highest|lowest|opt)", re.I)
"""What the best result so far is called."""
RANDOM_IMAGES = re.compile(
    r"^(Random(?!UnderSampler|OverSampler|Forest|Sampler|State|izedSearchCV|SplitSampler|SampleImputer)\w+"
    r"|ColorJitter|(Horizontal|Vertical)Flip|HueSaturationValue|ShiftScaleRotate|ElasticTransform|GaussNoise"
    r"|Cutout|CoarseDropout|CLAHE|AutoAugment|RandAugment|TrivialAugment\w*|Mixup|CutMix)$"
)
"""Image transformations that differ from call to call."""
COMPOSE = re.compile(r"^(Compose|OneOf|Sequential|SomeOf|ReplayCompose)$")
