"""restoration:createplan, a new plan from a template."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
)

from ...core.texts import text
from ...ui.new_plan_dialog import TEMPLATES
from .base import FORCE, PLAN, PlanAlgorithm, Values

TEMPLATE = "TEMPLATE"
COUNTED = {
    "ZONES": "restoration_zone",
    "KEY_AREAS": "key_area",
    "PROJECTS": "project",
    "INDICATORS": "indicator",
}


class CreatePlan(PlanAlgorithm):
    """A new plan file."""

    key = "createplan"
    icon_name = "new_plan"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(
            QgsProcessingParameterFileDestination(PLAN, text("algorithms.plan"), text("shell.plan_files"))
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                TEMPLATE,
                text("algorithms.template"),
                options=list(TEMPLATES),
                defaultValue=TEMPLATES[0],
                usesStaticStrings=True,
            )
        )
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("algorithms.force_new"), defaultValue=False))
        for name, table in COUNTED.items():
            self.addOutput(QgsProcessingOutputNumber(name, text(f"schema.{table}")))

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Make it."""
        from ...core.commands.new import create

        plan = self.parameterAsFileOutput(parameters, PLAN, context)
        template = self.parameterAsEnumString(parameters, TEMPLATE, context)
        tables = create(plan, template, self.parameterAsBool(parameters, FORCE, context))
        return {PLAN: plan, **{name: len(tables[table]) for name, table in COUNTED.items()}}
