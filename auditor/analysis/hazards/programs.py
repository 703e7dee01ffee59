"""Every hazard of a repository's programs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from auditor.analysis.determinism import determinism
from auditor.analysis.hazards.clocks import clock_hazards
from auditor.analysis.hazards.code import Code
from auditor.analysis.hazards.hazard import Hazard, Subject, by_severity
from auditor.analysis.hazards.jax_keys import jax_hazards
from auditor.analysis.hazards.kernels import kernel_hazards
from auditor.analysis.hazards.libraries import library_hazards
from auditor.analysis.hazards.machines import machine_hazards
from auditor.analysis.hazards.notebooks import notebook_hazards
from auditor.analysis.hazards.order import order_hazards
from auditor.analysis.hazards.remote import remote_hazards
from auditor.analysis.hazards.weights import weight_hazards
from auditor.analysis.hazards.workers import worker_hazards
from auditor.analysis.randomness import Randomness

DETECTORS = (
    order_hazards,
    library_hazards,
    jax_hazards,
    weight_hazards,
    clock_hazards,
    kernel_hazards,
    worker_hazards,
    machine_hazards,
    remote_hazards,
    notebook_hazards,
)


@dataclass(frozen=True)
class Hazards:
    """What lets two runs of a repository's programs differ."""

    code: Code

    @property
    def unread(self) -> str:
        """A sentence on the experiment code that is not known; else empty."""
        return self.code.program.unread

    @cached_property
    def asks(self) -> bool:
        """Whether any program asks for determinism beyond its seeds."""
        return bool(determinism(self.code.randomness))

    @cached_property
    def places(self) -> tuple[Hazard, ...]:
        """Every place of every hazard, up to a limit of those alike."""
        return tuple(hazard for detect in DETECTORS for hazard in detect(self.code))

    @cached_property
    def all(self) -> tuple[Hazard, ...]:
        """Every hazard, the gravest first; of those alike in one file, the first place."""
        first: dict[tuple[int, str, str], Hazard] = {}
        for hazard in self.places:
            first.setdefault(hazard.kind, hazard)
        return by_severity(tuple(first.values()))

    def of(self, subject: Subject) -> tuple[Hazard, ...]:
        """Return the hazards of one subject."""
        return tuple(hazard for hazard in self.all if hazard.subject == subject)

    def places_of(self, hazards: tuple[Hazard, ...]) -> tuple[Hazard, ...]:
        """Return every place of these hazards, each line once: those of the first hazard first."""
        alike = [place for hazard in hazards for place in self.places if place.kind == hazard.kind]
        return tuple({(place.kind, place.evidence.cell, place.evidence.line): place for place in alike}.values())


def hazards_of(randomness: Randomness) -> Hazards:
    """Return the hazards of the programs whose randomness this is."""
    return Hazards(Code(randomness))
