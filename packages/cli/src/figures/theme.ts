/** Colours that people with any colour vision tell apart (M. Okabe & K. Ito, 2008). */
export const colors = {
  observed: '#4d4d4d',
  calculated: '#d55e00',
  difference: '#0072b2',
  reflections: '#009e73',
} as const;

/** Colours of several series, in order. */
export const seriesColors: readonly string[] = ['#d55e00', '#0072b2', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];

/** Colours of elements, in order; unlike those of the curves beside them. */
export const elementColors: readonly string[] = ['#56b4e9', '#e69f00', '#cc79a7', '#7a5195', '#f0e442', '#8c8c8c'];

/** Common look: white, one font that the PNG renderer brings along, text that stays readable. */
export const theme = {
  background: '#ffffff',
  padding: 12,
  font: 'DejaVu Sans, Verdana, sans-serif',
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 'normal', gridColor: '#e8e8e8', domainColor: '#888888', tickColor: '#888888', titlePadding: 8 },
  legend: { labelFontSize: 11, titleFontSize: 11, orient: 'top', direction: 'horizontal', symbolStrokeWidth: 2, columnPadding: 14, labelLimit: 300 },
  title: { fontSize: 13, fontWeight: 'bold', anchor: 'start', subtitleFontSize: 11, subtitleColor: '#555555', offset: 8 },
  view: { stroke: '#bbbbbb' },
} as const;
