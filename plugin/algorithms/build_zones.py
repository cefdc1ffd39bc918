"""restoration:buildzones, zones and key areas dissolved from the units."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
)

from ...core.texts import text
from .base import FORCE, PLAN, PlanAlgorithm, Values, plan_parameter

COUNTED = {"ZONES": "restoration_zone", "KEY_AREAS": "key_area"}


class BuildZones(PlanAlgorithm):
    """Dissolve the units of a plan file."""

    key = "buildzones"
    icon_name = "build_zones"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("algorithms.force_zones"), defaultValue=False))
        self.addOutput(QgsProcessingOutputFile(PLAN, text("algorithms.plan")))
        for name, table in COUNTED.items():
            self.addOutput(QgsProcessingOutputNumber(name, text(f"schema.{table}")))
        for name in ("UNMATCHED", "UNDECIDED"):
            self.addOutput(QgsProcessingOutputNumber(name, text(f"algorithms.{name.lower()}")))

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Build them, and say stated against measured areas and what could not be matched."""
        from ...core.commands.build_zones import area_table, run

        plan = self.parameterAsFile(parameters, PLAN, context)
        built = run(plan, self.parameterAsBool(parameters, FORCE, context))
        feedback.pushInfo(area_table(built))
        for message in built.messages():
            feedback.pushInfo(str(message))
        counted = {
            name: sum(area.table == table and area.units > 0 for area in built.areas) for name, table in COUNTED.items()
        }
        return {PLAN: plan, **counted, "UNMATCHED": len(built.unmatched), "UNDECIDED": len(built.undecided)}
