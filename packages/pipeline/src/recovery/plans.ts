import type { PlanDefinition } from './planDefinition.js';

const trials = { do: 'symmetry-trials' } as const;

/**
 * The plans that come along, as data: what `--plan NAME` runs. A copy of one, edited, is a plan of one's own (`plan: ./mine.yaml`, or written out in the configuration).
 */
export const plans: Readonly<Record<string, PlanDefinition>> = {
  robust: {
    summary: 'Symmetry trials, annealed descents and relaxation, then a search, until the pattern is explained; the result chosen by pattern and energy.',
    objectives: [{ use: 'cosine', weight: 1 }, { use: 'chgnet', weight: 1 }],
    steps: [
      trials,
      { do: 'anneal' },
      { do: 'symmetry-trials', from: 'annealed', distance: 1.2, strain: 0.2, most: 16, broad: [2.5], narrow: [0.6] },
      { do: 'relax' },
      { do: 'symmetry-trials', from: 'relaxed', distance: 1.2, strain: 0.2, most: 24, broad: [5, 2.5], narrow: [1.2, 0.6] },
      { do: 'anneal', from: 'relaxed', fwhm: [4, 2.8, 2, 1.4, 1, 0.7, 0.5] },
      { do: 'explore' },
      { do: 'rivals' },
      { do: 'fit' },
    ],
  },
  xrd: {
    summary: 'One annealed descent on the pattern alone, and a fit.',
    objectives: [{ use: 'cosine', weight: 1 }],
    steps: [{ do: 'anneal' }, { do: 'fit', candidates: 1 }],
  },
  energy: {
    summary: 'Relaxation by the potential alone.',
    objectives: [{ use: 'cosine', weight: 1 }, { use: 'chgnet', weight: 1 }],
    steps: [{ do: 'relax', steps: 200, offer: true }],
  },
  joint: {
    summary: 'Relaxation, then pattern and energy together on sharper and sharper peaks, then the pattern.',
    objectives: [{ use: 'cosine', weight: 1 }, { use: 'chgnet', weight: 1 }],
    steps: [
      { do: 'relax' },
      { do: 'descend', from: 'relaxed', fwhm: [4, 2, 1, 0.5, 0], steps: 20, pattern: 1, energy: 0.2 },
      { do: 'anneal', from: 'descended', fwhm: [1, 0.5] },
      { do: 'fit', candidates: 2 },
    ],
  },
  paper: {
    summary: 'Descent on sharp peaks as published: limited gradient steps on cell, coordinates and cell again.',
    source: 'The refinement step of Segal et al., Digital Discovery 2026, DOI 10.1039/D6DD00017G; stages and step counts are shorter than the published 30,001 steps each',
    objectives: [{ use: 'cosine', weight: 1 }],
    steps: [
      { do: 'descend', vary: ['cell'], steps: 500, target: 0.05, optimizer: { use: 'snap' } },
      { do: 'descend', from: 'descended', vary: ['coords'], steps: 500, target: 0.05, optimizer: { use: 'snap' } },
      { do: 'descend', from: 'descended', vary: ['cell', 'coords'], steps: 500, target: 0.05, optimizer: { use: 'snap' } },
    ],
  },
};
