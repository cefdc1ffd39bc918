"""restoration:sitingcheck, every project against zones and control lines."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
)

from ...core.report.write import FORMATS
from ...core.texts import text
from .base import PLAN, PlanAlgorithm, Values, plan_parameter, progress_of

RULES, SAVE, FORMAT, OUTPUT = "RULES", "SAVE", "FORMAT", "OUTPUT"
GRADE_OUTPUTS = {
    "VIOLATIONS": "violation",
    "REVIEWS": "review",
    "UNDETERMINED": "undetermined",
    "PERMITTED": "permitted",
    "PASSED": "pass",
}
#: Besides: all projects, violations that no review accepts, and pieces too small to be reported.
OTHER_OUTPUTS = ("PROJECTS", "OPEN_VIOLATIONS", "DROPPED_SLIVERS")


class SitingCheck(PlanAlgorithm):
    """Check a plan file; the findings go into it and into a report."""

    key = "sitingcheck"
    icon_name = "check"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(
            QgsProcessingParameterFile(
                RULES, text("algorithms.rules"), optional=True, fileFilter=text("algorithms.rules_files")
            )
        )
        self.addParameter(QgsProcessingParameterBoolean(SAVE, text("algorithms.save"), defaultValue=True))
        self.addParameter(
            QgsProcessingParameterEnum(
                FORMAT,
                text("algorithms.format"),
                options=list(FORMATS),
                defaultValue=FORMATS[0],
                usesStaticStrings=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                OUTPUT, text("algorithms.output"), text("algorithms.report_files"), optional=True, createByDefault=False
            )
        )
        self.addOutput(QgsProcessingOutputFile(PLAN, text("algorithms.plan")))
        for name in OTHER_OUTPUTS:
            self.addOutput(QgsProcessingOutputNumber(name, text(f"algorithms.{name.lower()}")))
        for name, grade in GRADE_OUTPUTS.items():
            self.addOutput(
                QgsProcessingOutputNumber(name, text("algorithms.projects_of", grade=text(f"codes.grade.{grade}")))
            )

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Check, report, save."""
        from ...core.commands.check import check_to_report, run_check

        plan = self.parameterAsFile(parameters, PLAN, context)
        rules = self.parameterAsFile(parameters, RULES, context) or None
        save = self.parameterAsBool(parameters, SAVE, context)
        output = self.parameterAsFileOutput(parameters, OUTPUT, context)
        how = {"progress": progress_of(feedback), "cancelled": feedback.isCanceled}
        if output:
            report_format = self.parameterAsEnumString(parameters, FORMAT, context)
            result, _ = check_to_report(plan, report_format, rules, output, save, **how)
        else:
            result, _ = run_check(plan, rules, save, **how)
        for note in result.notes:
            feedback.pushInfo(str(note))
        counts = result.summary
        return {
            PLAN: plan,
            **({OUTPUT: output} if output else {}),
            "PROJECTS": len(result.projects),
            "OPEN_VIOLATIONS": result.open_violations,
            "DROPPED_SLIVERS": result.dropped_slivers,
            **{name: counts[grade] for name, grade in GRADE_OUTPUTS.items()},
        }
