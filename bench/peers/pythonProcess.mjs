// A Python script as a process that answers one line of JSON for each line.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @param env variables beside those of this process
 * @returns ask(request), which resolves with the answer and ends this process if the script has stopped; and stop()
 */
export function startPython(python, script, folder, env = {}) {
  const child = spawn(python, [script], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done) {
        console.error('The Python side stopped: see its message above.');
        process.exit(1);
      }
      return JSON.parse(value);
    },
    stop: () => child.stdin.end(),
  };
}
