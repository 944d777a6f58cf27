import type { TextTable } from './textTable.js';

/** A table in GitHub's Markdown under a heading. */
export function markdownTable({ title, caption, head, rows }: TextTable): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [`## ${title}`, '', caption, '', line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line), ''].join('\n');
}

/** A bar would end the cell, and stars, brackets and the like would be markup; intervals are no links. */
function escapeCell(text: string): string {
  return text.replace(/[\\`*_|<>]/g, '\\$&').replace(/\r?\n/g, ' ');
}
