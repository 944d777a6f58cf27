import type { CellSummary, Protocol } from '@braggscape/benchmark';

/** How many runs a point stands for, such as `20 runs a point` or `3 to 10 runs a point, benchmark unfinished`. */
export function runsText(cells: readonly CellSummary[]): string {
  const counts = cells.map(({ runs }) => runs).filter((runs) => runs > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return `${least === most ? String(most) : `${least} to ${most}`} runs a point`;
}

/** What was distorted, such as `10 structures, uniform noise, seed 0`. */
export function protocolText({ structures, distribution, seed }: Protocol): string {
  return `${structures.length === 1 ? structures[0].name : `${structures.length} structures`}, ${distribution} noise, seed ${seed}`;
}

/** Pixels that a letter of a subtitle counts for: the renderer measures texts without a font, generously, and makes figures as wide as it thinks that their titles are. */
const LETTER = 8.8;

/** A narrow figure is as wide as its title anyhow. */
const LEAST_WIDTH = 560;

/** Sentences broken into lines that fit a width in pixels. */
export function lines(sentences: readonly string[], width: number): readonly string[] {
  const most = Math.floor(Math.max(LEAST_WIDTH, width) / LETTER);
  return sentences.flatMap((sentence) => {
    const found = [''];
    for (const word of sentence.split(' ')) {
      const last = found[found.length - 1];
      if (last !== '' && last.length + 1 + word.length > most) found.push(word);
      else found[found.length - 1] = last === '' ? word : `${last} ${word}`;
    }
    return found;
  });
}
