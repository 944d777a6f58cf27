import type { Checkpoint, FrontEvent, PlanCheckpoint, PluginHost, RunEvent } from '@braggscape/core';
import { createHost } from './compositionRoot.js';
import { finishFront, prepareFront } from './frontSession.js';
import type { FinishedFront, FrontSettings } from './frontSession.js';
import { writeFront } from './results/writeFront.js';
import type { FrontFiles } from './results/writeFront.js';
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
export type { FinishedFront, FrontSettings, PreparedFront } from './frontSession.js';
export { exampleIndices, finishFront, pointName, prepareFront, withFrontDefaults } from './frontSession.js';
export type { FrontFiles } from './results/writeFront.js';
export { drawFront, frontReport, frontSummary, writeFront } from './results/writeFront.js';
export type { RunSummary } from './results/report.js';
export { runReport, runSummary, solutionCell } from './results/report.js';
export { calculatedPattern, observedReflections, scaledPattern } from './results/resultFigures.js';
export { writeResults } from './results/writeResults.js';
export type { ResultFiles } from './results/writeResults.js';
export type { FigureSpec, FrontAxis, FrontExample, FrontFigure, HistoryFigure, HistorySeries, PanelSize, PatternFigure, StructureDrawing } from './figures/index.js';
export { colors, frontFigure, historyFigure, historyPanel, patternFigure, patternPanels, seriesColors, structureDrawing, structurePanel, theme, writeFigure } from './figures/index.js';
export type { PreparedScan, ScanRequest } from './scan/prepareScan.js';
export { prepareScan } from './scan/prepareScan.js';
export type { ScannedValues, StretchedScan } from './scan/stretches.js';
export { computeScan, removeStretches } from './scan/stretches.js';
export { parquetOf } from './scan/writeLandscape.js';
export type { SliceAxis, SlicePanel, SlicePath } from './figures/index.js';
export { slicePanel } from './figures/index.js';
export type { DuringFigures } from './benchmark/benchmarkFigures.js';
export { benchmarkFigures } from './benchmark/benchmarkFigures.js';
export { costFigure } from './benchmark/figures/costFigure.js';
export { energyFigure } from './benchmark/figures/energyFigure.js';
export type { RateFigure } from './benchmark/figures/matchRateFigure.js';
export { matchRateFigure, rateFigure } from './benchmark/figures/matchRateFigure.js';
export type { ResultNumbers } from './benchmark/figures/resultNumbers.js';
export { resultNumbers } from './benchmark/figures/resultNumbers.js';
export { similarityFigure } from './benchmark/figures/similarityFigure.js';
export { comparisonFigure } from './benchmark/comparison/comparisonFigure.js';

/** The program as a library: one host, and the verbs on it. */
export interface Braggscape {
  readonly host: PluginHost;
  /**
   * Refine as a configuration says, in memory; nothing is written.
   * @param config as in a configuration file; paths start from the directory
   * @throws BraggscapeError before any work starts, if something does not fit
   */
  refine(config: unknown, options?: RefineOptions): Promise<FinishedRun>;
  /**
   * Compute the front between the two objectives of a configuration, in memory; nothing is written.
   * @param config as in a configuration file; what it leaves out suits fronts (L-BFGS, a schedule of peak widths)
   * @throws BraggscapeError before any work starts, if something does not fit
   */
  front(config: unknown, options?: FrontSettings & { readonly onEvent?: (event: FrontEvent) => void; readonly signal?: AbortSignal }): Promise<FinishedFront>;
  /** Compare two structures the ways results are judged. */
  compare: typeof compareStructures;
  /** Write refined.cif, record.json and the figures of a finished run into an existing folder. */
  write(finished: FinishedRun, folder: string): Promise<ResultFiles>;
  /** Write front.json, the CIFs and the figure of a front into an existing folder. */
  writeFront(finished: FinishedFront, folder: string): Promise<FrontFiles>;
}

/** What a library caller may add to a refinement. */
export interface RefineOptions {
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborting ends the run with its best structure. */
  readonly signal?: AbortSignal;
  readonly checkpoint?: Checkpoint | PlanCheckpoint;
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
    front: async (config, { onEvent, signal, ...settings } = {}) =>
      finishFront(await prepareFront(config, host, directory, settings), host, { ...(onEvent === undefined ? {} : { onEvent }), ...(signal === undefined ? {} : { signal }) }),
    compare: compareStructures,
    write: (finished, folder) => writeResults(finished, folder, directory),
    writeFront: (finished, folder) => writeFront(finished, folder, directory),
  };
}
