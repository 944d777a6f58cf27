import type { PluginHost, RunEvent } from '@braggscape/core';
import type { Checkpoint } from '@braggscape/core';
import { createHost } from './compositionRoot.js';
import { writeResults } from './results/writeResults.js';
import type { ResultFiles } from './results/writeResults.js';
import { compareStructures, finishRun, prepareRun } from './session.js';
import type { FinishedRun } from './session.js';

export { createHost, programVersion } from './compositionRoot.js';
export { loadConfig } from './files/loadConfig.js';
export { loadPattern } from './files/loadPattern.js';
export { loadStructure } from './files/loadStructure.js';
export type { LoadedPattern } from './files/loadPattern.js';
export type { LoadedStructure } from './files/loadStructure.js';
export { writeFileAtomically } from './files/writeFileAtomically.js';
export type { FinishedRun, PreparedRun, StructureComparison, Verdict } from './session.js';
export { compareStructures, finishRun, prepareRun } from './session.js';
export type { RunSummary } from './results/report.js';
export { runReport, runSummary, solutionCell } from './results/report.js';
export { calculatedPattern, observedReflections } from './results/resultFigures.js';
export { writeResults } from './results/writeResults.js';
export type { ResultFiles } from './results/writeResults.js';
export type { PreparedScan, ScanRequest } from './scan/prepareScan.js';
export { prepareScan } from './scan/prepareScan.js';
export type { ScannedValues, StretchedScan } from './scan/stretches.js';
export { computeScan, removeStretches } from './scan/stretches.js';
export { parquetOf } from './scan/writeLandscape.js';
export type { FigureSpec, HistoryFigure, HistorySeries, PanelSize, PatternFigure } from './figures/index.js';
export type { SliceAxis, SlicePanel, SlicePath } from './figures/index.js';
export { colors, historyFigure, historyPanel, patternFigure, patternPanels, seriesColors, slicePanel, theme, writeFigure } from './figures/index.js';

/** The program as a library: one host, and the verbs on it. */
export interface Braggscape {
  readonly host: PluginHost;
  /**
   * Refine as a configuration says, in memory; nothing is written.
   * @param config as in a configuration file; paths start from the directory
   * @throws BraggscapeError before any work starts, if something does not fit
   */
  refine(config: unknown, options?: RefineOptions): Promise<FinishedRun>;
  /** Compare two structures the ways results are judged. */
  compare: typeof compareStructures;
  /** Write refined.cif, record.json and the figures of a finished run into an existing folder. */
  write(finished: FinishedRun, folder: string): Promise<ResultFiles>;
}

/** What a library caller may add to a refinement. */
export interface RefineOptions {
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting ends the run with its best structure. */
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint;
}

/**
 * Start Braggscape with its own plugins and the named ones.
 * @param options.plugins package names or module paths
 * @param options.directory folder that plugin names and the configuration's paths start from; the current one by default
 */
export async function createBraggscape(options: { plugins?: readonly string[]; directory?: string } = {}): Promise<Braggscape> {
  const directory = options.directory ?? process.cwd();
  const host = await createHost(options.plugins, directory);
  return {
    host,
    refine: async (config, more = {}) => finishRun(await prepareRun(config, host, directory), host, more),
    compare: compareStructures,
    write: (finished, folder) => writeResults(finished, folder, directory),
  };
}
