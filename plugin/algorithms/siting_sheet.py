"""restoration:sitingsheet, the siting sheets of projects as PDF, with the land administration TXT of their sites."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ...core.texts import text
from .base import FOLDER, FORCE, PLAN, PlanAlgorithm, Values, file_results, plan_parameter, progress_of

PROJECTS, RULES, ENCODING, BOUND = "PROJECTS", "RULES", "ENCODING", "BOUND"
_ENCODINGS = ("GBK", "UTF-8")


class SitingSheet(PlanAlgorithm):
    """Write the siting sheets of a plan file's projects."""

    key = "sitingsheet"
    icon_name = "siting_sheet"

    def flags(self) -> QgsProcessingAlgorithm.Flag:
        """Layouts draw the plan's layers, and those belong to the main thread."""
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(
            QgsProcessingParameterString(PROJECTS, text("sheet.ask_projects"), defaultValue="", optional=True)
        )
        kinds = text("algorithms.rules_files")
        self.addParameter(QgsProcessingParameterFile(RULES, text("algorithms.rules"), optional=True, fileFilter=kinds))
        self.addParameter(
            QgsProcessingParameterEnum(
                ENCODING,
                text("sheet.ask_encoding"),
                options=list(_ENCODINGS),
                defaultValue=_ENCODINGS[0],
                usesStaticStrings=True,
            )
        )
        self.addParameter(QgsProcessingParameterBoolean(BOUND, text("sheet.ask_bound"), defaultValue=False))
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("sheet.ask_force"), defaultValue=False))
        self.addParameter(QgsProcessingParameterFolderDestination(FOLDER, text("sheet.ask_folder")))
        self.add_file_outputs("sheet")

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Write them; say what was left out and why."""
        from ...figures.export import project_for
        from ...figures.sheet.export import WantedSheets, export_sheets

        plan = self.parameterAsFile(parameters, PLAN, context)
        rules = self.parameterAsFile(parameters, RULES, context)
        wanted = WantedSheets(
            Path(self.parameterAsString(parameters, FOLDER, context)),
            self.parameterAsString(parameters, PROJECTS, context),
            rules=Path(rules) if rules else None,
            encoding=self.parameterAsEnumString(parameters, ENCODING, context),
            force=self.parameterAsBool(parameters, FORCE, context),
            bound=self.parameterAsBool(parameters, BOUND, context),
        )
        opened, own = project_for(plan, context.project())
        try:
            done = export_sheets(opened, wanted, progress_of(feedback), feedback.isCanceled)
        finally:
            if own:
                opened.project.clear()
        *told, count = done.messages()
        for message in told:
            feedback.pushWarning(str(message))
        feedback.pushInfo(str(count))
        return file_results(wanted.folder, done.files, len(done.skipped))
