import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Outcome } from './program.js';
import { root } from './program.js';

/** A program that runs. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Outcome>;
  isRunning(): boolean;
  /** What it has said so far on standard error. */
  said(): string;
  kill(signal: NodeJS.Signals): void;
}

/** Start `braggscape` and let it run. */
export function start(args: readonly string[], { env = {}, shell }: { readonly env?: Readonly<Record<string, string>>; readonly shell?: string } = {}): Running {
  const command = [process.execPath, join(root, 'packages/cli/bin/braggscape.js'), ...args];
  const [file, ...rest] = shell === undefined ? command : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...command];
  const child = spawn(file, rest, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let isRunning = true;
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => (isRunning = false));
    // Its own children may keep the pipes a moment longer than it lives.
    child.on('exit', (code) => void setTimeout(50).then(() => resolve({ code, stdout, stderr })));
  });
  return { pid: child.pid!, ended, isRunning: () => isRunning, said: () => stderr, kill: (signal) => void child.kill(signal) };
}

/** Processes that a process has started and that run. */
export function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/));
  return rows.filter(([, ppid, state]) => Number(ppid) === parent && !state.startsWith('Z')).map(([pid]) => Number(pid));
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Wait until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for: ${what}`);
    await setTimeout(25);
  }
}
