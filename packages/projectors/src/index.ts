export type { Average, Family, UniqueAxis } from './families.js';
export { families } from './families.js';
export type { FamilyProjectorOptions } from './familyProjector.js';
export { familyProjector, noProjector } from './familyProjector.js';
export type { FreeParameters, OperationsProjectorOptions } from './operationsProjector.js';
export { operationsProjector } from './operationsProjector.js';
export { spaceGroupProjector } from './spaceGroupProjector.js';
export { projectorsPlugin } from './plugin.js';
