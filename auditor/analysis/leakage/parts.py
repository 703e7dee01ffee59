"""What the parts of the semantics ask of each other."""

from __future__ import annotations

from abc import ABC, abstractmethod

from auditor.analysis.flow.call import Call
from auditor.analysis.flow.machine import Machine
from auditor.analysis.flow.values import Data, Place, Thing, Value
from auditor.analysis.leakage.events import Ledger
from auditor.analysis.leakage.typed import Looks


class Parts(ABC):
    """The state that the parts share, and the methods of each that others call."""

    ledger: Ledger
    machine: Machine
    looks: Looks

    @abstractmethod
    def chosen_by(self, thing: Thing, call: Call) -> bool:
        """Return whether the rows that a training call is given for validation decide what comes of it."""

    @abstractmethod
    def named_thing(self, name: str, place: Place) -> Thing:
        """Return the object of a name that nothing in the program binds."""

    @abstractmethod
    def thing_method(self, thing: Thing, name: str, call: Call) -> Value:
        """Return what a method of an object gives."""

    @abstractmethod
    def random_images(self, value: Value | None) -> str:
        """Return the name of a random image transformation that an object is or holds; empty where it has none."""

    @abstractmethod
    def data_method(self, base: Data, name: str, call: Call) -> Value:
        """Return what a method of a table, array or tensor gives."""

    @staticmethod
    @abstractmethod
    def coded(base: Data, place: Place) -> Data:
        """Return the numbers of categories in the list of all that occur."""

    @abstractmethod
    def statistic(self, last: str, data: Data, call: Call) -> Data:
        """Return a statistic over rows, without rows of its own."""
