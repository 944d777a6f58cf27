import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Choice, ObjectiveChoice, RunConfig } from '@braggscape/pipeline';

/**
 * The configuration with its paths as they are written into a record: from the record's folder, so that the record repeats its run from wherever the tree of files stands.
 * Absolute paths stay.
 *
 * @param directory folder that the paths start from now
 * @param folder folder of the record
 */
export function pathsFrom(config: RunConfig, directory: string, folder: string): RunConfig {
  const moved = (path: string): string => (isAbsolute(path) ? path : relative(resolve(folder), resolve(join(directory, path))));
  const { file, structure } = config.pattern;
  return {
    ...config,
    plugins: config.plugins.map((name) => (name.startsWith('.') ? `./${moved(name)}` : name)),
    structure: moved(config.structure),
    pattern: { ...config.pattern, ...(file === undefined ? {} : { file: moved(file) }), ...(structure === undefined ? {} : { structure: moved(structure) }) },
    ...(config.reference === undefined ? {} : { reference: moved(config.reference) }),
    instrument: withPhasePaths(config.instrument, moved),
    objectives: withModelFolders(config.objectives, moved),
  };
}

/** An instrument with the paths of its phases' structures changed; texts and structures themselves stay. */
export function withPhasePaths(instrument: Choice, change: (path: string) => string): Choice {
  const { phases } = instrument;
  if (!Array.isArray(phases)) return instrument;
  return {
    ...instrument,
    phases: (phases as readonly { readonly structure?: unknown }[]).map((phase) =>
      typeof phase.structure === 'string' && !phase.structure.includes('\n') ? { ...phase, structure: change(phase.structure) } : phase,
    ) as Choice[string],
  };
}

/** Objectives with the folders of graph models changed; URLs stay. */
export function withModelFolders(objectives: readonly ObjectiveChoice[], change: (path: string) => string): readonly ObjectiveChoice[] {
  return objectives.map((chosen) => (typeof chosen.folder === 'string' && !chosen.folder.includes('://') ? { ...chosen, folder: change(chosen.folder) } : chosen));
}
