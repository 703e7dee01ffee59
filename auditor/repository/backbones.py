"""Networks that others trained, by the names of their files and by where they are published."""

from __future__ import annotations

import re

_BACKBONE = re.compile(
    r"vgg\d{0,2}|(wide_?)?res(ne(s|x)?t)\d{0,3}|inception|alex(net)?|mobilenet|densenet\d{0,3}|squeezenet|googlenet"
    r"|efficientnet|shufflenet|mnasnet|xception|lenet|darknet\d{0,2}|yolo|faster|mask|rcnn|retinanet|ssd|fcn|deeplab"
    r"|bert|roberta|albert|distilbert|xlnet|gpt|elmo|glove|word2vec|fasttext|googlenews|wiki|bart|t5|clip|vit|dino"
    r"|lpips|hourglass|i3d|c3d|s3d|facenet|sphereface|arcface|vggface|openpose|flownet|pwc|dlib|landmarks?|stylegan|biggan|spacy",
    re.I,
)
_GENERIC = re.compile(
    r"imagenet|ilsvrc|kinetics|coco|ffhq|pre|pretrained|trained|weights?|models?|tf|torch|pytorch|caffe|keras|th|np"
    r"|dim|ordering|kernels|no|top|notop|bn|norm|normali[sz]ed|normalised|conv|features?|base|large|small|tiny|xl"
    r"|uncased|cased|wwm|multilingual|lin|network|net|full|final|original|checkpoint|ckpt|pth|pt|h5|pkl|npy|npz|npz2"
    r"|bin|t7|onnx|mat|tar|gz|tgz|zip|bz|json|params|caffemodel|v|s|m|b|d|l|c|x|a|rgb|flow|shape|predictor|face|300|vectors|slim|fpn|config",
    re.I,
)
_PUBLISHER = re.compile(
    r"(huggingface\.co|hf\.co)/(google|google-bert|google-t5|facebook|facebookai|openai|openai-community|microsoft"
    r"|meta-llama|distilbert|eleutherai|mistralai|qwen|timm|sentence-transformers|bert-|roberta|t5|gpt2|albert|xlnet"
    r"|distilroberta|stabilityai|runwayml|compvis|dmis-lab|allenai|datasets|docs|spaces|papers|transformers)(?![a-z])"
    r"|tfhub\.dev/(google|tensorflow)/|download\.pytorch\.org|pytorch\.org/models|download\.tensorflow\.org"
    r"|storage\.googleapis\.com/(tensorflow|bert_models|download\.tensorflow)|dl\.fbaipublicfiles\.com/(detectron"
    r"|fasttext)|nlp\.stanford\.edu/data|s3\.amazonaws\.com/models\.huggingface\.co|data\.lip6\.fr/cadene"
    r"|robots\.ox\.ac\.uk/~(vgg|albanie)|fchollet/deep-learning-models|vlfeat\.org|dl\.caffe\.berkeleyvision"
    r"|pjreddie\.com|tensorflow\.org|dlib\.net|nvlabs-fi-cdn|mxnet\.incubator|s3\.amazonaws\.com/pytorch/models",
    re.I,
)
_PART = re.compile(r"[a-z]{1,60}|\d{1,30}", re.I)


def is_backbone(name: str) -> bool:
    """Return whether a file's name says no more than a well-known network, its data set, version or checksum.

    `resnet50-19c8e357.pth` does; `resnet18_cifar10_adv.pth` is somebody's own training of it.
    """
    if not _BACKBONE.search(name):
        return False
    for word in re.split(r"[^a-z0-9]{1,50}", name.lower()):
        if re.fullmatch(r"[0-9a-f]{6,64}", word):
            continue  # a checksum
        rest = _BACKBONE.sub(" ", word)
        if _GENERIC.fullmatch(rest.strip()):
            continue
        if any(not (part.isdigit() or _GENERIC.fullmatch(part)) for part in _PART.findall(rest)):
            return False
    return True


def is_publisher(url: str) -> bool:
    """Return whether an address is where the makers of well-known networks publish them."""
    return bool(_PUBLISHER.search(url))
