"""A small .docx, made as a word processor would: a zip with a document, its styles and its notes."""

from __future__ import annotations

import io
import zipfile

_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/word/styles.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>
<Override PartName="/word/footnotes.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"/>
</Types>"""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
_STYLES = f"""<?xml version="1.0" encoding="UTF-8"?><w:styles {_NAMES}>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>"""
_NOTES = f"""<?xml version="1.0" encoding="UTF-8"?><w:footnotes {_NAMES}>
<w:footnote w:id="1"><w:p><w:r><w:t>A note that nobody has to read.</w:t></w:r></w:p></w:footnote></w:footnotes>"""

TITLE, HEADING, NOTED = "Title", "Heading1", "noted"
REPORT = (
    (TITLE, "Elmford gets a night library"),
    ("", "By Nadia Orrell"),
    ("", "From September, the library in Elmford will stay open until midnight, its head Petra Quill said on Monday."),
    (NOTED, "“We counted 61 people at the door after closing time in one week,” she told the council."),
    (HEADING, "Who will pay?"),
    ("", "The council pays £40,000 a year, according to its budget. Jo Lind of the taxpayers’ club is not happy."),
    ("", "“This is a ridiculous waste,” Lind said. She believes that nobody reads at night."),
)


def word_file(paragraphs: tuple[tuple[str, str], ...] = REPORT, **more: bytes) -> bytes:
    """The bytes of a .docx with these paragraphs, each with its style; `more` are parts to add or to put in place."""
    body = "".join(_paragraph(style, text) for style, text in paragraphs)
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {_NAMES}><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": _RELATIONS.format(
            f'<Relationship Id="s1" Type="{_OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="f1" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>'
        ),
        "word/styles.xml": _STYLES,
        "word/footnotes.xml": _NOTES,
        "word/document.xml": document,
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (parts | {f"word/{name}.xml": value for name, value in more.items()}).items():
            archive.writestr(name, part)
    return data.getvalue()


def _paragraph(style: str, text: str) -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style in (TITLE, HEADING) else ""
    note = '<w:r><w:footnoteReference w:id="1"/></w:r>' if style == NOTED else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{text}</w:t></w:r>{note}</w:p>'
