import type { CellValue, Column } from './column.js';

/** A table as comma-separated values (RFC 4180), the head first. Real numbers have six digits; null is empty. */
export function csvTable<Row>(columns: readonly Pick<Column<Row>, 'name' | 'of'>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => columns.map((column) => valueText(column.of(row))))];
  return lines.map((line) => `${line.map(quoted).join(',')}\n`).join('');
}

function valueText(value: CellValue): string {
  if (value === null) return '';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
