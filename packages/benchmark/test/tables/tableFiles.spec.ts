import { expect } from 'chai';
import { dependenceTable, matchTable, paperMutualInformation, summarize, tableFiles } from '@braggscape/benchmark';
import type { CellSummary } from '@braggscape/benchmark';
import { escapeLatex, latexTables } from '#benchmark/tables/latex.js';
import { markdownTable } from '#benchmark/tables/markdown.js';
import { smallProtocol } from '../smallProtocol.js';
import { syntheticResults } from '../syntheticResults.js';

const protocol = smallProtocol(['cosine', 'cosine+constraint'], { samples: 8, levels: { lattice: [0.05], coords: [0.1] } });
const results = syntheticResults(protocol);
const nothing = { title: 'T', caption: 'c', head: ['a'], rows: [] };

describe('the tables of a benchmark', () => {
  let cells: readonly CellSummary[];
  before(async () => (cells = await summarize(protocol, results, { resamples: 50 })));
  const lines = (name: string): string[] => tableFiles(protocol, cells, 50).get(name)!.trimEnd().split('\n');

  it('have the rates and the dependence in table.csv', () => {
    const [head, ...rows] = lines('table.csv').map((line) => line.split(','));
    expect(head.slice(0, 5)).to.deep.equal(['noise', 'level', 'setting', 'runs', 'expected']);
    expect(head.filter((name) => /second|time/.test(name))).to.deep.equal([]);
    expect(rows.map((row) => row.slice(0, 5))).to.deep.equal([['lattice', '0.05', 'cosine', '16', '16'], ['lattice', '0.05', 'cosine+constraint', '16', '16'], ['coords', '0.1', 'cosine', '16', '16']]);
    for (const [i, row] of rows.entries()) {
      const value = (name: string): number => Number(row[head.indexOf(name)]);
      expect(value('match')).to.be.closeTo(cells[i].match.rate, 1e-6);
      expect(value('strict_low')).to.be.closeTo(cells[i].strict.low, 1e-6);
      expect(value('mutual_information')).to.be.closeTo(cells[i].mutualInformation.value!, 1e-5);
      expect(value('pearson_high')).to.be.closeTo(cells[i].pearson.high!, 1e-5);
    }
  });

  it('leave what is not known empty, and quote names with commas', async () => {
    const named = { ...protocol, settings: [{ ...protocol.settings[0], name: 'mine, "all"' }] };
    const line = tableFiles(named, await summarize(named, []), 1000).get('table.csv')!.split('\n')[1];
    expect(line).to.match(/^lattice,0\.05,"mine, ""all""",0,16,0,,,,0,,,,/);
  });

  it('show rates in percent with intervals, starts beside them, and a dash where there is no cell', () => {
    const { head, rows } = matchTable(protocol, cells, 'match');
    expect(head).to.deep.equal(['noise', 'level', 'start', 'cosine', 'cosine+constraint']);
    const { rate, low, high } = cells[0].match;
    expect(rows[0][3]).to.equal(`${(100 * rate).toFixed(1)} [${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}]`);
    expect(rows[1][4]).to.equal('–');
    expect(rows[2]).to.deep.equal(['runs', '', '', '16', '16']);
    expect(matchTable(protocol, cells, 'strict').rows[0][3]).to.not.equal(rows[0][3]);
  });

  it('set the published mutual information beside our own', () => {
    const { head, rows } = dependenceTable(cells);
    expect(rows.map((row) => row[head.indexOf('paper')])).to.deep.equal(['0.12', '1.55', '0.77']);
    expect(rows[0][head.indexOf('Spearman')]).to.match(/^-0\.\d\d \[-\d\.\d\d, -?0\.\d\d\]$/);
    expect(paperMutualInformation('lattice', 0.05, 'energy')).to.equal(undefined);
    expect(paperMutualInformation('coords', 0.02, 'cosine')).to.equal(undefined);
  });

  it('are LaTeX with as many columns in each row as are declared, whatever names contain', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [`[x]_${i}`, '5 % & more', '\\input{x}$#~^', '-0.5 [-0.7, 0.1]']);
    for (const table of [{ ...nothing, head: ['a', 'b', 'c', 'd'], rows }, { ...nothing, head: ['a', 'b', 'c', 'd'], rows: rows.slice(0, 3) }]) {
      const text = latexTables([table]);
      expect(/\\begin\{(?:tabular|longtable)\}\{(l+)\}/.exec(text)![1]).to.have.length(4);
      for (const line of text.split('\n').filter((one) => one.endsWith('\\\\') && !one.startsWith('\\caption'))) expect(line.match(/(?<!\\)&/g), line).to.have.length(3);
      const opened = [...text.matchAll(/\\begin\{(\w+)\}/g)].map(([, name]) => name);
      expect([...text.matchAll(/\\end\{(\w+)\}/g)].map(([, name]) => name)).to.deep.equal(opened.reverse());
      const unescaped = text.replace(/\\[{}%]/g, '').replace(/%$/gm, '').split('\n').slice(1).join('\n');
      expect(unescaped.match(/\{/g)?.length).to.equal(unescaped.match(/\}/g)?.length);
      expect(text).to.include('\n{}[x]\\_0 & 5 \\% \\& more & \\textbackslash{}input\\{x\\}\\$\\#\\textasciitilde{}\\textasciicircum{} & $-$0.5 [$-$0.7, 0.1] \\\\');
    }
    expect(escapeLatex('cross-correlation 1–2 0.5°')).to.equal('cross-correlation 1--2 0.5\\textdegree{}');
    for (const line of ['\\toprule', '\\midrule', '\\bottomrule']) expect(lines('tables.tex').filter((one) => one === line)).to.have.length(3);
  });

  it('are Markdown in which bars and stars of names do not count', () => {
    expect(markdownTable({ ...nothing, head: ['a|b', 'c'], rows: [['*x*', 'y_z']] }).split('\n').slice(4)).to.deep.equal(['| a\\|b | c |', '|---|---|', '| \\*x\\* | y\\_z |', '']);
    expect(lines('tables.md')[2]).to.equal('Braggscape 0.1.0, 2 structures, 8 samples, seed 3; 48 runs.');
  });

  it('say how much is not done', async () => {
    const some = await summarize(protocol, results.slice(0, 30), { resamples: 50 });
    expect(tableFiles(protocol, some, 50).get('tables.md')).to.include('30 of 48 runs');
    const summary = JSON.parse(tableFiles(protocol, some, 50).get('summary.json')!) as { runs: number; expected: number; cells: unknown };
    expect(summary).to.deep.include({ runs: 30, expected: 48, resamples: 50 });
    expect(summary.cells).to.deep.equal(some);
  });
});
