"""restoration:exporttables, the appendix's tables as workbooks, CSV and text documents."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from ...core.errors import PlannerError
from ...core.texts import text
from ..engine_import import import_engine
from .base import FOLDER, FORCE, PLAN, PlanAlgorithm, Values, file_results, plan_parameter, progress_of

FORMATS = "FORMATS"
EVERY_FORMAT = "xlsx,csv,odt"


class ExportTables(PlanAlgorithm):
    """Write tables 1 to 3 of a plan file."""

    key = "exporttables"
    icon_name = "export_tables"

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        self.addParameter(plan_parameter())
        self.addParameter(QgsProcessingParameterString(FORMATS, text("tables.formats"), defaultValue=EVERY_FORMAT))
        self.addParameter(QgsProcessingParameterFolderDestination(FOLDER, text("tables.folder")))
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("tables.force"), defaultValue=False))
        self.add_file_outputs("tables")

    def checkParameterValues(self, parameters: Values, context: QgsProcessingContext) -> tuple[bool, str]:
        """Processing makes the output folder before `work` begins and ends with a bare error; ours is a sentence."""
        folder = parameters.get(FOLDER)
        if isinstance(folder, str) and folder and folder != QgsProcessing.TEMPORARY_OUTPUT:
            try:
                import_engine()
                from ...core.tables.writing import made_folder

                made_folder(Path(folder))
            except PlannerError as error:
                return False, str(error)
        return super().checkParameterValues(parameters, context)

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Write, and say what was written, what was left out, and why."""
        from ...core.commands.export_tables import run

        folder = self.parameterAsString(parameters, FOLDER, context)
        written = run(
            self.parameterAsFile(parameters, PLAN, context),
            folder,
            self.parameterAsString(parameters, FORMATS, context),
            self.parameterAsBool(parameters, FORCE, context),
            progress_of(feedback),
            feedback.isCanceled,
        )
        for file in written.files:
            feedback.pushInfo(text("tables.written", file=file.name))
        for message in written.skipped:
            feedback.pushWarning(str(message))
        for remark in written.remarks:
            feedback.pushInfo(remark)
        return file_results(folder, written.files, len(written.skipped))
