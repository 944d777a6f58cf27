import { noiseModels } from '@braggscape/benchmark';
import type { CellSummary, NoiseModel, Protocol } from '@braggscape/benchmark';
import type { FigureSpec } from '../../figures/writeFigure.js';
import { protocolText, runsText } from './caption.js';
import { bothRates, rateFigure } from './matchRateFigure.js';
import { settingStyles } from './settingStyle.js';
import type { SettingKind, SettingStyle } from './settingStyle.js';

/**
 * Match rates of relaxations by potentials beside the best of the pattern: the descent (with or without constraint) and the plan with the highest rates over all levels of a noise model.
 * @returns undefined without a relaxation that has results
 */
export function energyFigure(protocol: Protocol, summaries: readonly CellSummary[]): FigureSpec | undefined {
  const cells = summaries.filter(({ runs }) => runs > 0);
  const styles = settingStyles(protocol);
  const relaxations = protocol.settings.flatMap((setting) => (setting.kind === 'relaxation' ? [setting] : []));
  if (!styles.some(({ name, kind }) => kind === 'relaxation' && cells.some(({ setting }) => setting === name))) return undefined;
  const shown = new Map(noiseModels.map((noise) => [noise, chosenSettings(styles, cells.filter((cell) => cell.noise === noise))]));
  const best = noiseModels.flatMap((noise) => (shown.get(noise) ?? []).filter(({ kind }) => kind === 'metric' || kind === 'constraint').map(({ name }) => `${noise} ${name}`));
  const drawn = cells.filter(({ noise, setting }) => shown.get(noise)?.some(({ name }) => name === setting));
  return rateFigure(protocol, summaries, {
    title: 'Recovery from the pattern and by the energy',
    subtitle: [
      `${protocolText(protocol)}; ${runsText(drawn)}; bars: 95 % Jeffreys intervals`,
      `${relaxations.map(({ name, potential }) => `${name}: relaxation of atoms and cell by ${potential.use}`).join('; ')}, which sees no pattern`,
      `of the descents on patterns, and of the plans, the one with the highest mean match rate over all levels is shown, chosen from these results${best.length === 0 ? '' : `: ${best.join(', ')}`}`,
    ],
    rows: bothRates.slice(0, 1),
    settings: (noise: NoiseModel) => shown.get(noise) ?? [],
  });
}

/** All relaxations, the best descent and the best plan. */
function chosenSettings(styles: readonly SettingStyle[], cells: readonly CellSummary[]): readonly SettingStyle[] {
  const kinds: readonly (readonly SettingKind[])[] = [['metric', 'constraint'], ['plan']];
  const best = kinds.map((kind) => bestOf(styles.filter((style) => kind.includes(style.kind)), cells));
  return styles.filter((style) => style.kind === 'relaxation' || best.includes(style));
}

function bestOf(styles: readonly SettingStyle[], cells: readonly CellSummary[]): SettingStyle | undefined {
  const score = ({ name }: SettingStyle): number => {
    const rates = cells.filter(({ setting }) => setting === name).map(({ match }) => match.rate);
    return rates.length === 0 ? -1 : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  };
  return styles.filter((style) => score(style) >= 0).reduce<SettingStyle | undefined>((found, style) => (found === undefined || score(style) > score(found) ? style : found), undefined);
}
