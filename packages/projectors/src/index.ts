export type { Average, Family, UniqueAxis } from './families.js';
export { families } from './families.js';
export type { FamilyProjectorOptions } from './familyProjector.js';
export { familyProjector, noProjector } from './familyProjector.js';
export { spaceGroupProjector } from './spaceGroupProjector.js';
export { projectorsPlugin } from './plugin.js';
