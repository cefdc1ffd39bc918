"""restoration:exportfigures, the figures of a plan's appendix as files."""

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

FIGURES, FORMATS, PAGE, DEM = "FIGURES", "FORMATS", "PAGE", "DEM"
BOUND, SERIES = "BOUND", "SERIES"


class ExportFigures(PlanAlgorithm):
    """Lay out and write the figures of a plan file."""

    key = "exportfigures"
    icon_name = "export_figures"

    def flags(self) -> QgsProcessingAlgorithm.Flag:
        """Layouts belong to the project, and with it to the main thread."""
        return super().flags() | QgsProcessingAlgorithm.Flag.FlagNoThreading

    def initAlgorithm(self, configuration: Values | None = None) -> None:
        """Parameters and outputs."""
        from ...figures.page.pages import ALL_PAGES, PAPERS

        self.addParameter(plan_parameter())
        self.addParameter(
            QgsProcessingParameterString(FIGURES, text("figures.ask_figures"), defaultValue="", optional=True)
        )
        formats = text("figures_export.ask_formats")
        self.addParameter(QgsProcessingParameterString(FORMATS, formats, defaultValue="pdf,png", optional=True))
        self.addParameter(QgsProcessingParameterBoolean(BOUND, text("figures_export.ask_bound"), defaultValue=False))
        self.addParameter(QgsProcessingParameterBoolean(SERIES, text("figures_export.ask_series"), defaultValue=False))
        self.addParameter(
            QgsProcessingParameterEnum(
                PAGE,
                text("figures.ask_page"),
                options=[*PAPERS, *ALL_PAGES],
                defaultValue="A3",
                usesStaticStrings=True,
            )
        )
        self.addParameter(QgsProcessingParameterFile(DEM, text("figures.ask_dem"), optional=True))
        self.addParameter(QgsProcessingParameterBoolean(FORCE, text("figures.ask_force"), defaultValue=False))
        self.addParameter(QgsProcessingParameterFolderDestination(FOLDER, text("figures.ask_folder")))
        self.add_file_outputs("figures")

    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Write them; say what was left out and why."""
        from ...figures.export import Wanted, export_figures, project_for

        plan = self.parameterAsFile(parameters, PLAN, context)
        folder = self.parameterAsString(parameters, FOLDER, context)
        wanted = Wanted(
            Path(folder),
            self.parameterAsString(parameters, FIGURES, context),
            self.parameterAsString(parameters, FORMATS, context),
            self.parameterAsEnumString(parameters, PAGE, context),
            self.parameterAsBool(parameters, FORCE, context),
            self.parameterAsFile(parameters, DEM, context) or None,
            bound=self.parameterAsBool(parameters, BOUND, context),
            series=self.parameterAsBool(parameters, SERIES, context),
        )
        opened, own = project_for(plan, context.project())
        try:
            done = export_figures(opened, wanted, progress_of(feedback), feedback.isCanceled)
        finally:
            if own:
                opened.project.clear()
        *told, count = done.messages()
        for message in told:
            feedback.pushWarning(str(message))
        feedback.pushInfo(str(count))
        return file_results(wanted.folder, done.files, len(done.skipped))
