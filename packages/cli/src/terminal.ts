/**
 * Where the program speaks: results on standard output, everything else on standard error.
 * With `--json` standard output carries exactly one JSON object.
 */
export interface Terminal {
  readonly json: boolean;
  /** The result, for programs; printed with `--json` only. */
  result(value: unknown): void;
  /** A line of the result for people; silent with `--json`. */
  line(text?: string): void;
  /** A remark on standard error. */
  note(text: string): void;
  /** Replace the live progress line; on a pipe, a plain line now and then. */
  progress(text: string): void;
  /** End the progress line. */
  endProgress(): void;
}

/** Seconds between progress lines where standard error is not a terminal. */
const PIPE_INTERVAL = 5;

/** Terminal of this process. */
export function createTerminal(json: boolean): Terminal {
  const live = process.stderr.isTTY;
  let last = performance.now();
  let open = false;
  const endProgress = (): void => {
    if (open) process.stderr.write('\n');
    open = false;
  };
  return {
    json,
    result(value) {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    line(text = '') {
      endProgress();
      if (!json) process.stdout.write(`${text}\n`);
    },
    note(text) {
      endProgress();
      process.stderr.write(`${text}\n`);
    },
    progress(text) {
      const now = performance.now();
      if (live) {
        if (open && now - last < 80) return;
        last = now;
        open = true;
        process.stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, process.stderr.columns - 1))}`);
      } else if (now - last > PIPE_INTERVAL * 1000) {
        last = now;
        process.stderr.write(`${text}\n`);
      }
    },
    endProgress,
  };
}

/** Rows as aligned columns; the first row is the head. Numbers are given as text, so the caller decides on digits. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const format = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [format(rows[0]), rule, ...rows.slice(1).map(format)].join('\n');
}
