import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import type { Element as DomElement } from '@xmldom/xmldom';
import type { Source } from '@braggscape/core';
import { excerpt, formatError, patternError } from './errors.js';
import { isNumber, numberOf, statedNumber } from './numbers.js';

/** An element of an XML document; namespaces are left out. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The text directly in it. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Line it begins on, 1-based. */
  readonly line: number;
}

/**
 * The root element of an XML document.
 * @throws BraggscapeError `format.invalid` with the line if the document is not well formed
 */
export function parseXml(text: string, source: Source): XmlElement {
  // Entities that a document defines are a way to make a small file large, and no instrument writes them.
  if (/<!DOCTYPE/i.test(text)) throw formatError(source.name, 'the XML has a document type declaration', 'remove it');
  try {
    // Every complaint ends the parsing: what was read of a damaged file is not to be trusted.
    const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text.replace(/^\uFEFF/, '').trimStart(), 'text/xml').documentElement;
    if (root !== null) return elementOf(root);
  } catch (cause) {
    const { locator } = cause as { locator?: { lineNumber?: number } };
    const at = locator?.lineNumber === undefined ? source.name : `${source.name}:${locator.lineNumber}`;
    throw formatError(at, `this is not valid XML: ${excerpt((cause as Error).message)}`, 'the file is damaged or cut off: copy it again', cause);
  }
  throw formatError(source.name, 'the XML has no elements', 'the file is damaged: copy it again');
}

function elementOf(element: DomElement): XmlElement {
  const children: XmlElement[] = [];
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === node.ELEMENT_NODE) children.push(elementOf(node as DomElement));
    else if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE) text += node.nodeValue ?? '';
  }
  const attributes = Object.fromEntries(Array.from(element.attributes, ({ localName, name, value }) => [localName ?? name, value]));
  return { name: element.localName ?? element.nodeName, attributes, text, children, line: (element as { lineNumber?: number }).lineNumber ?? 1 };
}

/** The first child of a name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((candidate) => candidate.name === name);
}

/** All elements of a name below an element, in the order of the document. */
export function descendants(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((candidate) => [...(candidate.name === name ? [candidate] : []), ...descendants(candidate, name)]);
}

/** The number that an element holds, if there is one. */
export function xmlNumber(element: XmlElement | undefined): number | undefined {
  return statedNumber(element?.text);
}

/**
 * The numbers of an element, between blanks or commas.
 * @throws BraggscapeError `pattern.invalid` for anything else among them
 */
export function xmlNumbers(element: XmlElement, source: Source): number[] {
  const fields = element.text.trim().split(/[\s,]+/).filter((field) => field !== '');
  const wrong = fields.find((field) => !isNumber(field));
  if (wrong === undefined) return fields.map(numberOf);
  throw patternError(`${source.name}:${element.line}`, `"${excerpt(wrong)}" among the ${element.name} is not a number`, 'mend the file, or export it again');
}
