export type { HistoryFigure, HistorySeries } from './historyFigure.js';
export { historyFigure, historyPanel } from './historyFigure.js';
export type { PanelSize, PatternFigure } from './patternFigure.js';
export { patternFigure, patternPanels } from './patternFigure.js';
export { colors, seriesColors, theme } from './theme.js';
export { thinnedIndices } from './thinning.js';
export type { FigureSpec } from './writeFigure.js';
export { renderPng, renderSvg, writeFigure } from './writeFigure.js';
