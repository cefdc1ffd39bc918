"""restoration:exportlayer, a layer of a plan out by a profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterString,
)

from ...core.plan.schema import TABLES
from ...core.texts import text
from .base import FORCE, PLAN, PlanAlgorithm, Values, plan_parameter

if TYPE_CHECKING:  # the engine is imported when it runs
    from ...core.delivery.proposal import Delivery

LAYER, OUTPUT, PROFILE, CRS, ENCODING, APPEND = "LAYER", "OUTPUT", "PROFILE", "CRS", "ENCODING", "APPEND"
ENCODINGS = ("UTF-8", "GBK")
DEFAULTS = {PROFILE: "plan", CRS: "4490", ENCODING: ENCODINGS[0]}
#: The files written, the rows in them, and how many things were lost or came back different.
COUNTED = ("ROWS", "LOSSES", "DIFFERENCES")
FILES = "FILES"


class ExportLayer(PlanAlgorithm):
    """Deliver a layer of a plan file."""

    key = "exportlayer"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(
            QgsProcessingParameterEnum(LAYER, text("delivery.layer"), options=list(TABLES), usesStaticStrings=True)
        )
        for name in (PROFILE, CRS):
            self.addParameter(
                QgsProcessingParameterString(name, text(f"delivery.{name.lower()}"), defaultValue=DEFAULTS[name])
            )
        self.addParameter(
            QgsProcessingParameterEnum(
                ENCODING,
                text("delivery.encoding"),
                options=list(ENCODINGS),
                defaultValue=DEFAULTS[ENCODING],
                usesStaticStrings=True,
            )
        )
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("delivery.help_force"), defaultValue=False))
        self.addParameter(QgsProcessingParameterBoolean(APPEND, text("delivery.help_append"), defaultValue=False))
        self.addParameter(
            QgsProcessingParameterFileDestination(OUTPUT, text("delivery.output"), fileFilter=text("delivery.files"))
        )
        self.addOutput(QgsProcessingOutputString(FILES, text("delivery.output")))
        for name in COUNTED:
            self.addOutput(QgsProcessingOutputNumber(name, text(f"delivery.{name.lower()}")))

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Say what the format cannot hold, write, and say what came back different."""
        from ...core.commands.export_layer import run

        def say_before(proposed: Delivery) -> None:
            for message in proposed.messages():
                feedback.pushInfo(str(message))

        delivery, delivered = run(
            self.parameterAsFile(parameters, PLAN, context),
            self.parameterAsEnumString(parameters, LAYER, context),
            self.parameterAsFileOutput(parameters, OUTPUT, context),
            self.parameterAsString(parameters, PROFILE, context),
            self.parameterAsString(parameters, CRS, context),
            self.parameterAsEnumString(parameters, ENCODING, context),
            self.parameterAsBool(parameters, FORCE, context),
            say_before,
            self.parameterAsBool(parameters, APPEND, context),
        )
        for message in delivered.messages():
            feedback.pushInfo(str(message))
        files = [str(file) for file in delivered.files]
        return {
            OUTPUT: files[0],
            FILES: ";".join(files),
            "ROWS": delivered.count,
            "LOSSES": len(delivery.losses),
            "DIFFERENCES": len(delivered.differences),
        }
