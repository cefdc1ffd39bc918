"""What the algorithms share: texts from the catalogue, the engine's import, errors as one sentence."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)
from qgis.PyQt.QtGui import QIcon

from ...core.errors import Cancelled, PlannerError
from ...core.texts import Message, text
from ...ui.icons import icon

PLAN = "PLAN"
FORCE = "FORCE"
#: The files written (separated by semicolons), how many, and how many were left out; the folder that they are in.
FOLDER, FILES, WRITTEN, SKIPPED = "FOLDER", "FILES", "WRITTEN", "SKIPPED"
PLAN_SUFFIX = "gpkg"

Values = dict[str, Any]


class PlanAlgorithm(QgsProcessingAlgorithm):
    """An algorithm on a plan file.  `key` is its id and the prefix of its texts."""

    key = ""
    icon_name = "plugin"

    @abstractmethod
    def work(self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback) -> Values:
        """Do it; PlannerError where it cannot be done, Cancelled where it was stopped."""

    def add_file_outputs(self, area: str) -> None:
        """Add the outputs that `file_results` gives; their captions stand in an area of the catalogue."""
        self.addOutput(QgsProcessingOutputString(FILES, text(f"{area}.files")))
        self.addOutput(QgsProcessingOutputNumber(WRITTEN, text(f"{area}.count_written")))
        self.addOutput(QgsProcessingOutputNumber(SKIPPED, text(f"{area}.count_skipped")))

    def createInstance(self) -> QgsProcessingAlgorithm:
        """A fresh one of its kind."""
        return type(self)()

    def name(self) -> str:
        """Its id, fixed by the contract."""
        return self.key

    def displayName(self) -> str:
        """What the toolbox shows."""
        return text(f"algorithms.{self.key}")

    def shortHelpString(self) -> str:
        """What it does, beside its form."""
        return text(f"algorithms.{self.key}_help")

    def icon(self) -> QIcon:
        """The icon of the same action in the plugin's menu."""
        return icon(self.icon_name)

    def processAlgorithm(
        self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Values:
        """Do it; whatever goes wrong is one sentence."""
        from ..engine_import import import_engine, missing_modules
        from ..requirements import how_to_get

        try:
            import_engine()
        except PlannerError as error:
            raise QgsProcessingException(how_to_get(missing_modules())) from error
        try:
            return self.work(parameters, context, feedback)
        except PlannerError as error:
            raise QgsProcessingException(str(error)) from error
        except Cancelled as stopped:
            # An algorithm that simply returned would count as done
            raise QgsProcessingException(text("algorithms.cancelled")) from stopped


def plan_parameter() -> QgsProcessingParameterFile:
    """The parameter PLAN for a plan that exists."""
    kinds = text("shell.plan_files")
    return QgsProcessingParameterFile(PLAN, text("algorithms.plan"), fileFilter=kinds)


def progress_of(feedback: QgsProcessingFeedback) -> Callable[[float, Message], None]:
    """A way to tell progress to a feedback, each step once."""
    last = [""]

    def progress(fraction: float, message: Message) -> None:
        feedback.setProgress(100 * fraction)
        step = str(message)
        if step != last[0]:
            last[0] = step
            feedback.setProgressText(step)

    return progress


def file_results(folder: str | Path, files: Sequence[Path], skipped: int) -> Values:
    """The outputs of an algorithm that writes files into a folder."""
    return {
        FOLDER: str(folder),
        FILES: ";".join(str(file) for file in files),
        WRITTEN: len(files),
        SKIPPED: skipped,
    }
