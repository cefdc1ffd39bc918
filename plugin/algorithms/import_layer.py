"""restoration:importlayer, a layer of any file into a table of a plan."""

from __future__ import annotations

import re

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterString,
)

from ...core.errors import PlannerError
from ...core.plan.schema import TABLES
from ...core.texts import text
from .base import PLAN, PlanAlgorithm, Values, plan_parameter, progress_of

LAYER, SOURCE, MAP, SET = "LAYER", "SOURCE", "MAP", "SET"
SOURCE_LAYER, ENCODING, CRS = "SOURCE_LAYER", "ENCODING", "CRS"
OPTIONAL = (SOURCE_LAYER, ENCODING, CRS, MAP, SET)
COUNTED = ("ADDED", "UPDATED", "UNCHANGED", "DROPPED")
#: The command line's option → the parameter that stands for it here.
PARAMETERS = {"layer": SOURCE_LAYER, "encoding": ENCODING, "crs": CRS, "map": MAP, "set": SET}
#: An option in a sentence of the core, with what is to follow it where that is said.
_OPTION = re.compile(rf"--({'|'.join(PARAMETERS)})(?![a-z])(?: (GCJ02|\d+|\w+=\w*))?")
#: The plan's own row cannot be imported.
TARGETS = [name for name in TABLES if name != "plan"]


class ImportLayer(PlanAlgorithm):
    """Bring a file of others into a plan."""

    key = "importlayer"
    icon_name = "import_layer"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(
            QgsProcessingParameterEnum(
                LAYER, text("import_dialog.param.layer"), options=TARGETS, usesStaticStrings=True
            )
        )
        self.addParameter(QgsProcessingParameterFile(SOURCE, text("import_dialog.param.source")))
        for name in OPTIONAL:
            caption = text(f"import_dialog.param.{name.lower()}")
            self.addParameter(QgsProcessingParameterString(name, caption, optional=True))
        self.addOutput(QgsProcessingOutputFile(PLAN, text("algorithms.plan")))
        for name in COUNTED:
            self.addOutput(QgsProcessingOutputNumber(name, text(f"import_dialog.fate.{name.lower()}")))

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Import, and say what was found, mended and done."""
        from ...core.commands.import_layer import run
        from ...core.intake.asking import Watch

        plan = self.parameterAsFile(parameters, PLAN, context)
        given = {name: self.parameterAsString(parameters, name, context).strip() for name in OPTIONAL}
        try:
            report = run(
                plan,
                self.parameterAsEnumString(parameters, LAYER, context),
                self.parameterAsFile(parameters, SOURCE, context),
                given[SOURCE_LAYER] or None,
                given[ENCODING] or None,
                given[CRS] or None,
                _entries(given[MAP]),
                _entries(given[SET]),
                Watch(progress_of(feedback), feedback.isCanceled),
            )
        except PlannerError as error:
            raise QgsProcessingException(with_parameters(str(error))) from error
        for message in report.messages():
            feedback.pushInfo(with_parameters(str(message)))
        dropped = report.read - report.added - report.updated - report.unchanged
        return {PLAN: plan, **dict(zip(COUNTED, (report.added, report.updated, report.unchanged, dropped)))}


def _entries(written: str) -> list[str]:
    """``a=b;c=d`` as its pairs."""
    return [entry.strip() for entry in written.split(";") if entry.strip()]


def with_parameters(sentence: str) -> str:
    """A sentence of the core that names the command line's options, with the algorithm's parameters instead."""

    def parameter(option: re.Match[str]) -> str:
        name, value = PARAMETERS[option[1]], option[2]
        if value:
            return text("import_dialog.parameter_with", name=name, value=value)
        return text("import_dialog.parameter", name=name)

    told = _OPTION.sub(parameter, sentence)
    return told[:1].upper() + told[1:]
