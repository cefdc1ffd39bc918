"""One question to a server, in a worker thread, with an end to waiting and a way to stop."""

from __future__ import annotations

from qgis.core import QgsBlockingNetworkRequest, QgsFeedback
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...core.basemap.answers import Answer
from ...core.errors import Cancelled

LONGEST_WAIT_S = 15.0


def ask(address: str, feedback: QgsFeedback, longest_wait_s: float | None = None) -> tuple[Answer, str]:
    """Get what an address gives, through QGIS's proxy and certificates, past its cache.

    Parameters
    ----------
    feedback
        Cancelled to stop.
    longest_wait_s
        Without anything coming; by default `LONGEST_WAIT_S`.

    Returns
    -------
    Answer, str
        And the address that it came from in the end.

    Raises
    ------
    Cancelled
        If `feedback` was.
    """
    if feedback.isCanceled():
        raise Cancelled
    request = QNetworkRequest(QUrl(address))
    request.setTransferTimeout(int(1000 * (LONGEST_WAIT_S if longest_wait_s is None else longest_wait_s)))
    asking = QgsBlockingNetworkRequest()
    asking.get(request, True, feedback)
    if feedback.isCanceled():
        raise Cancelled
    reply = asking.reply()
    status = reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute)
    # Nobody else cancels: the answer stayed away for too long
    stayed_away = (QNetworkReply.NetworkError.OperationCanceledError, QNetworkReply.NetworkError.TimeoutError)
    timed_out = reply.error() in stayed_away
    reached = reply.request().url().toString(QUrl.ComponentFormattingOption.FullyEncoded)
    answer = Answer(
        None if timed_out or status is None else int(status),
        bytes(reply.content()),
        _without_address(asking.errorMessage(), reached, address),
        timed_out,
    )
    return answer, reached


def _without_address(trouble: str, *addresses: str) -> str:
    """What QGIS says of the trouble: the address in it is long, and may hold a key."""
    for address in addresses:
        trouble = trouble.replace(address, "").replace(QUrl(address).toString(), "")
    return " ".join(trouble.split()).strip(" :-")
