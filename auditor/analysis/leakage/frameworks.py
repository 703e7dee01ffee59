"""Training that goes on out of sight: behind callbacks, in a trainer, in a session of a graph."""

from __future__ import annotations

import re
from typing import Any

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.texts import text_of
from auditor.analysis.flow.values import Constant, Data, Group, Thing, Value, data_of, merged
from auditor.analysis.leakage.events import Evaluation, Fit
from auditor.analysis.leakage.parts import Parts

SESSION = re.compile(r"(^|\.)(Interactive|Monitored(Training)?)?Session$|(^|\.)Supervisor$")
TRAINER = re.compile(r"(^|\.)(lightning|pytorch_lightning|pl|L)\.(\w+\.)*Trainer$")
_STOPS = re.compile(r"^(EarlyStopping|early_stopping)$")
_KEEPS_BEST = re.compile(r"^(ModelCheckpoint|SaveBestModel|SaveModelCallback)$")
_STEP = re.compile(r"Optimizer$|(^|\.)(minimize|apply_gradients)$")
_STEP_NAME = re.compile(r"train_?(op|step)|optimi[sz]e|minimi[sz]e|update_op|apply_grad|solver", re.I)
_MEASURE = re.compile(r"acc|loss|err|auc|f1|prec|recall|metric|score|correct|cost|mse|rmse", re.I)
_FIRST_ROUNDS = ("early_stopping_rounds", "early_stopping_round", "use_best_model")
FITS_LIMIT = 8
"""So many steps of one session are looked back at."""


def watches(value: Value | None, depth: int = 0) -> bool:
    """Return whether a callback, or one of several, ends the training or keeps its best state by validation rows."""
    if isinstance(value, Group) and depth < 3:
        return any(watches(element, depth + 1) for element in value.elements[:30])
    if not isinstance(value, Thing):
        return False
    last = value.type.rpartition(".")[2]
    monitor, best = value.attributes.get("monitor"), value.attributes.get("save_best_only")
    by_training = isinstance(monitor, Constant) and not re.match(r"val|test|eval", str(monitor.value))
    if _STOPS.match(last):
        return not by_training
    if not _KEEPS_BEST.match(last):
        return False
    return not by_training and (monitor is not None if best is None else _true(best))


def noted(thing: Thing, call: Call) -> Thing:
    """Return an object with the settings noted by which it may choose: of callbacks, and of boosted trees."""
    for name in ("monitor", "save_best_only", *_FIRST_ROUNDS):
        if name in call.keywords:
            thing.attributes[name] = call.keywords[name]
    return thing


def _true(value: Value) -> bool:
    return not (isinstance(value, Constant) and not value.value)


class Frameworks(Parts):
    """Calls by which libraries run the rounds of a training themselves."""

    def chosen_by(self, thing: Thing, call: Call) -> bool:
        """Return whether the rows that a training call is given for validation decide what comes of it."""
        if any(name in call.keywords and _true(call.keywords[name]) for name in _FIRST_ROUNDS):
            return True
        if any(name in thing.attributes and _true(thing.attributes[name]) for name in _FIRST_ROUNDS):
            return True
        if thing.type.rpartition(".")[2].startswith("CatBoost"):
            switch = call.keywords.get("use_best_model", thing.attributes.get("use_best_model"))
            return switch is None or _true(switch)  # the library's default
        return watches(call.keywords.get("callbacks"))

    def trainer_method(self, trainer: Thing, name: str, call: Call) -> Value | None:
        """Return what a method of a Lightning trainer gives; None where it is no training and no test."""
        model = call.argument(0, "model")
        if name == "fit" and isinstance(model, Thing):
            data = data_of(call.argument(1, "train_dataloaders", "train_dataloader", "train_loader"))
            text = call.argument_text(1, "train_dataloaders", "train_dataloader", "train_loader")
            fit = self.ledger.fit(model, data.rows, data.all_marks(), call.place, text, call.loops)
            trainer.parts.append(model)
            held = data_of(call.argument(2, "val_dataloaders", "val_dataloader", "val_loader"))
            if held.rows and not held.rows & fit.rows:
                text = call.argument_text(2, "val_dataloaders", "val_dataloader", "val_loader")
                event = self.evaluation(model, [fit], held, text, call, "validation")
                event.chooses = any(watches(part) for part in trainer.parts)
                self.ledger.evaluate(event)
            return Constant(None)
        if name in ("test", "validate", "predict"):
            things = [part for part in trainer.parts if isinstance(part, Thing) and part.fits]
            known = model if isinstance(model, Thing) and model.fits else things[-1] if things else None
            data = data_of(call.argument(1, "dataloaders", "test_dataloaders", "dataloader"))
            if known is None or not data.rows:
                return Data()
            text = call.argument_text(1, "dataloaders", "test_dataloaders", "dataloader")
            event = self.evaluation(known, self._steps(known), data, text, call, "score")
            event.scored = True
            return Data(used=self.ledger.evaluate(event))
        return None

    def session_run(self, session: Thing, call: Call) -> Value:
        """Return what `session.run(fetches, feed_dict)` gives: a training step, where an optimizer's is fetched."""
        fetched, feed = call.argument(0, "fetches"), call.argument(1, "feed_dict")
        fed = [data_of(value) for value in feed.elements] if isinstance(feed, Group) else [data_of(feed)]
        data = merged([one for one in fed if one.rows][:2])
        if not data.rows:
            return Data()
        several = fetched.elements if isinstance(fetched, Group) else [fetched]
        text = next((one.name for one in fed if one.rows and one.name), "") or _fed_text(call)
        made = any(isinstance(value, Thing) and _STEP.search(value.type) for value in several)
        if made or _STEP_NAME.search(call.argument_text(0, "fetches")):
            self.ledger.fit(session, data.rows, data.all_marks(), call.place, text, call.loops)
            return Data()
        event = self.evaluation(session, self._steps(session), data, text, call, "predict")
        event.scored = bool(_MEASURE.search(call.argument_text(0, "fetches")))
        result = Data(data.rows, data.all_marks(), used=self.ledger.evaluate(event))
        return Group([result.copy() for _ in several]) if isinstance(fetched, Group) else result

    def evaluation(self, thing: Thing, fits: list[Fit], data: Data, text: str, call: Call, how: Any) -> Evaluation:
        """Return an evaluation of an object on data, not yet noted."""
        return Evaluation(
            0, thing, fits, data.rows, data.all_marks(), call.place, text, call.loops, how, within=call.within
        )

    def _steps(self, thing: Thing) -> list[Fit]:
        return [self.ledger.fits[number] for number in thing.fits[-FITS_LIMIT:]]


def _fed_text(call: Call) -> str:
    """Return the first value of the dictionary that is fed, as written."""
    node = next((value for key, value in call.node[4] if key == "feed_dict"), None)
    if node is None and len(call.node[3]) > 1:
        node = call.node[3][1]
    if node and node[0] == "dict" and node[2]:
        return text_of(node[2][0])
    return text_of(node)
