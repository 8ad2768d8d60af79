import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/** Whose port stands in the synthesised app: MiniStack's in the chart registry's name, the pretend GitHub's in the place of its keys. */
export type Listener = 'ministack' | 'github';

/**
 * Ports that `listener` had before, newest first. With the same ports the app in the cache serves again, which saves the synthesis. Only a preference: a
 * port in use is passed over.
 */
export async function rememberedPorts(cache: string, listener: Listener): Promise<number[]> {
  const text = await readFile(fileOf(cache, listener), 'utf8').catch(() => '[]');
  const ports = z.array(z.int().min(1024).max(65_535)).safeParse(parsed(text));
  return ports.success ? ports.data : [];
}

/** Puts `port` first; keeps as many as stacks are likely to run beside each other. */
export async function rememberPort(cache: string, listener: Listener, port: number): Promise<void> {
  const ports = [port, ...(await rememberedPorts(cache, listener)).filter((other) => other !== port)].slice(0, 4);
  await mkdir(cache, { recursive: true });
  const temporary = `${fileOf(cache, listener)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(ports));
  await rename(temporary, fileOf(cache, listener));
}

const fileOf = (cache: string, listener: Listener): string => join(cache, `${listener}-ports.json`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file costs a synthesis, nothing more.
    return [];
  }
}
