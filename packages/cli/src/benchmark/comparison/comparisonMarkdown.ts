import { countsSuccesses, markdownTable } from '@braggscape/benchmark';
import type { Comparison } from '@braggscape/benchmark';
import { leaderboardRows, pairRows, sectionTitle } from './comparisonTables.js';

/** How a comparison is read, in sentences. */
export function readingGuide({ criterion }: Comparison): readonly string[] {
  return [
    `Rates are ${criterion === 'strict' ? 'strict matches' : 'matches'} in per cent with 95 % Jeffreys intervals; differences are percentage points with Newcombe's 95 % interval for pairs.`,
    countsSuccesses(criterion)
      ? 'Ranked by rate on the starts that all entries share. "best alone" and "alone" count the starts from which only the best, or only the entry, succeeds.'
      : `Ranked by the mean rank in ${criterion} on the starts that all entries share; without a match a value counts as infinite. "best alone" and "alone" count the starts from which the best, or the entry, has the lower value.`,
    'P: posterior probability under Jeffreys\' prior; p: exact two-sided McNemar (or sign) test. Entries of a group are not told apart: its first is not better than the others with more than 97.5 %.',
    'Starts from one structure are alike, so that intervals hold for these structures and not for all crystals.',
  ];
}

/** A comparison as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { criterion, runs, notes, sections } = comparison;
  const parts = [
    `# Leaderboard by ${criterion}`,
    runs.map(({ name, version, starts, settings }) => `- ${name}: braggscape ${version}, ${starts} starts, ${settings.join(', ')}`).join('\n'),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    readingGuide(comparison).join('\n'),
  ];
  for (const section of sections) {
    const title = capital(sectionTitle(section));
    const [head, ...rows] = leaderboardRows(section, criterion);
    parts.push(markdownTable({ title, caption: rows.length === 0 ? 'No start is shared by all entries.' : `${section.starts} starts that all entries share.`, head, rows }));
    const [pairHead, ...pairs] = pairRows(section);
    if (pairs.length > 0) parts.push(markdownTable({ title: `${title}: pairs`, caption: 'Each on all starts that the two share.', head: pairHead, rows: pairs }));
  }
  return `${parts.join('\n\n').trimEnd()}\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
