"""A run as JUnit XML, which CI servers show: a test suite a question set, a test case a question."""

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from eval.faults import faults
from eval.predictions import Prediction
from eval.summary import Summary

FILE = "junit.xml"
GATE = "baseline"
"""Name of the suite with what was compared with a baseline; its cases are of the class ``report-qa.baseline``."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(folder: Path, predictions: Sequence[Prediction], summary: Summary) -> Path:
    """Write ``junit.xml`` into the run's folder and give its path."""
    path = Path(folder) / FILE
    path.write_bytes(render(predictions, summary))
    return path


def render(predictions: Sequence[Prediction], summary: Summary) -> bytes:
    """Give the XML in UTF-8, in the form of the Jenkins schema (junit-10.xsd).

    A question that ended in an error is an ``error``; one that failed (:func:`eval.faults.faults`) a ``failure`` with
    all that was wrong; of the others that is told in ``system-out``. Every fall below a baseline fails a case of the
    suite GATE.
    """
    root = Xml.Element("testsuites", name="report-qa eval")
    by_set: dict[str, list[Prediction]] = {}
    for prediction in predictions:
        by_set.setdefault(prediction.question.set, []).append(prediction)
    for name, own in by_set.items():
        suite = _suite(root, name, summary, [_case(prediction) for prediction in own])
        properties = Xml.Element("properties")
        about = {"model": summary.model or "none", "embedder": summary.embedder, "commit": summary.commit}
        for key, value in about.items():
            Xml.SubElement(properties, "property", name=key, value=_xml(value))
        suite.insert(0, properties)
    if summary.baseline:
        _suite(root, GATE, summary, _gate(summary))
    for total in ("tests", "failures", "errors"):
        root.set(total, str(sum(int(suite.get(total, "0")) for suite in root)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in root):.3f}")
    Xml.indent(root)
    found: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _suite(root: Xml.Element, name: str, summary: Summary, cases: Sequence[Xml.Element]) -> Xml.Element:
    suite = Xml.SubElement(
        root,
        "testsuite",
        name=_xml(name),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped="0",
        time=f"{sum(float(case.get('time', '0')) for case in cases):.3f}",
        timestamp=summary.started[:19],
    )
    suite.extend(cases)
    return suite


def _case(prediction: Prediction) -> Xml.Element:
    question, reply = prediction.question, prediction.reply
    seconds = prediction.retrieve_ms / 1000 + ((reply.answer_s or 0.0) if reply else 0.0)
    case = Xml.Element(
        "testcase",
        classname=_xml(f"{question.set}.{question.kind}" if question.kind else question.set),
        name=_xml(f"{question.id}: {question.question}"),
        time=f"{seconds:.3f}",
    )
    found = faults(prediction)
    told = [fault.text for fault in found]
    if reply is not None:
        told += [f"answer: {reply.predicted}", f"gold answer: {question.answer}"] if found else []
    text = _xml("\n".join(told))
    worst = found[0] if found else None
    if worst and worst.fails:
        element = Xml.SubElement(case, "error" if worst.kind == "error" else "failure", message=_xml(worst.text))
        element.set("type", worst.kind)
        element.text = text
    elif text:
        Xml.SubElement(case, "system-out").text = text
    return case


def _gate(summary: Summary) -> list[Xml.Element]:
    cases = []
    for name in summary.sets:
        cases.append(Xml.Element("testcase", classname="report-qa.baseline", name=_xml(name), time="0"))
    by_set = dict(zip(summary.sets, cases, strict=True))
    for fall in summary.falls:
        case = by_set.get(fall.set)
        if case is None:  # of all sets together
            case = Xml.Element("testcase", classname="report-qa.baseline", name=_xml(fall.set), time="0")
            by_set[fall.set] = case
            cases.append(case)
        failure = case.find("failure")
        if failure is None:
            failure = Xml.SubElement(case, "failure", message=_xml(fall.line()), type="baseline")
            failure.text = ""
        failure.text = f"{failure.text or ''}{_xml(fall.line(most=1000))}\n"
    return cases


def _xml(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
