// Removes everything that a build or a test run made.
import { rmSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const remove = (...parts) => rmSync(join(root, ...parts), { recursive: true, force: true });
for (const name of readdirSync(join(root, 'packages'))) for (const made of ['dist', '.test-output']) remove('packages', name, made);
remove('test/.test-output');
remove('coverage');
remove('results');
