// Benchmarks of speed. Prints tables, and one JSON object as the last line.
import { benchSteps } from './step.mjs';

const steps = benchSteps();
const mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
console.log(JSON.stringify({ steps, ratios: { centralDifferences: mean(steps.map(({ centralDifferences }) => centralDifferences)) } }));
