import type { TextTable } from './textTable.js';

/** Tables as LaTeX in the style of booktabs, to be taken in by `\input`. One that is long runs over pages, one that is wide is scaled to the text. */
export function latexTables(tables: readonly TextTable[]): string {
  return ['% \\usepackage{booktabs,graphicx,longtable}', ...tables.map((table) => (table.rows.length > MOST_ROWS ? longTable(table) : scaledTable(table)))].join('\n\n') + '\n';
}

/** Rows of a table that fits a page. */
const MOST_ROWS = 25;

function scaledTable({ title, caption, head, rows }: TextTable): string {
  return [
    '\\begin{table}',
    '\\centering',
    `\\caption{${escapeLatex(`${title}. ${caption}`)}}`,
    '\\resizebox{\\textwidth}{!}{%',
    `\\begin{tabular}{${alignment(head)}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}}',
    '\\end{table}',
  ].join('\n');
}

function longTable({ title, caption, head, rows }: TextTable): string {
  return [
    '{\\footnotesize\\setlength{\\tabcolsep}{3pt}',
    `\\begin{longtable}{${alignment(head)}}`,
    `\\caption{${escapeLatex(`${title}. ${caption}`)}}\\\\`,
    '\\toprule',
    line(head),
    '\\midrule',
    '\\endhead',
    '\\bottomrule',
    '\\endfoot',
    ...rows.map(line),
    '\\end{longtable}}',
  ].join('\n');
}

const alignment = (head: readonly string[]): string => head.map(() => 'l').join('');

const line = (cells: readonly string[]): string => `${cells.map((cell, i) => (i === 0 ? protectBracket(escapeLatex(cell)) : escapeLatex(cell))).join(' & ')} \\\\`;

/** A bracket after the end of a line would be taken for the option of that end. */
function protectBracket(text: string): string {
  return /^[[*]/.test(text) ? `{}${text}` : text;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '–': '--',
  '’': "'",
  '°': '\\textdegree{}',
  '\n': ' ',
};

/** A text with everything that means something to LaTeX written so that it is printed. Minus signs become mathematical ones. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\~^<>|–’°\n]|[&%$#_{}]|(?<![\w.])-(?=\d)/g, (found) => escapes[found] ?? (found === '-' ? '$-$' : `\\${found}`));
}
