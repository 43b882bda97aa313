"""A form's pages for every copy, and its fields on them.

The problem: a library prints a form for each of a hundred collaborations, which differ only in the names written in.
Laying out every copy, or joining a hundred files, takes time and space for the same drawing again and again. So one
copy is laid out and drawn, and the pages of the others share its streams. What tells of a page's structure, and the
places to fill in, each copy needs for itself: page, annotation and structure objects are copied, references among them
changed, and everything else is referred to.

What must hold: copies come in the order of the first one's pages, and each copy's keys in the parent tree follow on
those before. Only then does a screen reader find the structure of the page it is on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pydyf  # type: ignore[import-untyped]

from assessor.presentation.typeface import FAMILY_NAME
from assessor.report.pdf.form_fields import DEFAULT_LOOK, FormSpec, FormWriter, ValueDrawings, Widget, references

#: The kinds of object that each copy has for itself.
_COPIED = ("/Page", "/Annot", "/StructElem", "/OBJR")


def add_form(document: Any, pdf: pydyf.PDF, form: FormSpec, drawings: ValueDrawings) -> None:
    """Puts the form's fields in the place of WeasyPrint's, and adds the pages of all copies after the first.

    Called when the document is generated and not yet written.
    """
    _drop_fields(pdf)
    first_copy = [_kept_widget(box) for page in document.pages for box, _ in page.forms[None]]
    copies = [first_copy, *_copies(pdf, first_copy, len(form.fields) - 1)]
    font = next(font.hash for font in document.fonts.values() if font.weight == 400 and font.family == FAMILY_NAME)
    fonts = _object_at(pdf, _object_at(pdf, pdf.page_references[0])["Resources"])["Font"]
    writer = FormWriter(pdf=pdf, form=form, fonts=fonts, font=font, drawings=drawings)
    top_fields: list[pydyf.Dictionary] = []
    for index, (places, widgets) in enumerate(zip(form.fields, copies, strict=True)):
        fields = writer.copy_fields(places, widgets)
        top_fields += [writer.named_copy(form.prefixes[index], fields)] if form.prefixes else fields
    top_fields.append(
        writer.hidden_field([widget for copy in copies for widget in copy if widget.name == form.hidden_name])
    )
    resources = pydyf.Dictionary({"Font": writer.standard_fonts()})
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": references(top_fields), "DA": DEFAULT_LOOK, "DR": resources})


def _object_at(pdf: pydyf.PDF, reference: bytes) -> Any:
    """The object that a reference such as `12 0 R` names."""
    return pdf.objects[int(reference.split()[0])]


def _drop_fields(pdf: pydyf.PDF) -> None:
    """Empties what WeasyPrint made for its fields besides the annotations; objects cannot be taken out of a file."""
    for reference in pdf.catalog["AcroForm"]["Fields"]:
        field = _object_at(pdf, reference)
        for appearance in field.get("AP", {}).get("N", {}).values():
            _object_at(pdf, appearance).stream.clear()
        if "Kids" in field:
            field.clear()


def _kept_widget(box: Any) -> Widget:
    """A place to fill in; of WeasyPrint's annotation only its rectangle and its place in the tags are left."""
    annotation, attributes = box.widget_annotation, box.element.attrib
    left, top, right, bottom = annotation["Rect"]
    entries = {key: annotation[key] for key in ("Type", "Subtype", "P", "StructParent")}
    annotation.clear()
    annotation.update(entries | {"Rect": pydyf.Array((left, bottom, right, top))})
    return Widget(annotation=annotation, name=attributes["name"], value=attributes.get("value", ""))


def _copies(pdf: pydyf.PDF, widgets: Sequence[Widget], count: int) -> Iterator[list[Widget]]:
    """Adds `count` more copies of all pages, and yields the places to fill in of each."""
    root = _object_at(pdf, pdf.catalog["StructTreeRoot"])
    document, parents = _object_at(pdf, root["K"][0]), _object_at(pdf, root["ParentTree"])["Nums"]
    top_elements, entries = list(document["K"]), list(parents)
    originals = [
        object_
        for object_ in pdf.objects
        if isinstance(object_, pydyf.Dictionary) and object_.get("Type") in _COPIED and object_ is not document
    ]
    for copy in range(1, count + 1):
        added = _copied(pdf, originals, copy * len(entries) // 2)
        renamed = {old.reference: new.reference for old, new in zip(originals, added, strict=True)}
        document["K"].extend(_renamed(top_elements, renamed))
        for key, entry in zip(entries[::2], entries[1::2], strict=True):
            parents.extend((key + copy * len(entries) // 2, _renamed(entry, renamed)))
        for object_ in added:
            if object_["Type"] == "/Page":
                pdf.pages["Kids"].extend((object_.number, 0, "R"))
                pdf.pages["Count"] += 1
        yield [
            Widget(
                annotation=_object_at(pdf, renamed[object_.annotation.reference]),
                name=object_.name,
                value=object_.value,
            )
            for object_ in widgets
        ]


def _copied(pdf: pydyf.PDF, objects: Sequence[pydyf.Dictionary], parent_tree_offset: int) -> list[pydyf.Dictionary]:
    """Copies of objects that refer to one another as the objects do.

    `parent_tree_offset` is added to their keys in the parent tree.
    """
    added = [pydyf.Dictionary() for _ in objects]
    for copy in added:
        pdf.add_object(copy)
    renamed = {old.reference: new.reference for old, new in zip(objects, added, strict=True)}
    for old, new in zip(objects, added, strict=True):
        new.update(_renamed(old, renamed))
        new.update({key: new[key] + parent_tree_offset for key in ("StructParent", "StructParents") if key in new})
    return added


def _renamed(value: Any, references: Mapping[bytes, bytes]) -> Any:
    """The value with its references exchanged, however deep they are; those that are not in `references` stay."""
    match value:
        case bytes():
            return references.get(value, value)
        case dict():
            return pydyf.Dictionary({key: _renamed(inner, references) for key, inner in value.items()})
        case list():
            return pydyf.Array(_renamed(inner, references) for inner in value)
    return value
