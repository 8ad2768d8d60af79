import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

/**
 * Ports that MiniStack had before, newest first. MiniStack's port stands in the chart registry's name and so in the synthesised app: with the same port
 * the app in the cache serves again, which saves the synthesis. Only a preference: a port in use is passed over.
 */
export async function rememberedPorts(cache: string): Promise<number[]> {
  const text = await readFile(fileOf(cache), 'utf8').catch(() => '[]');
  const ports = z.array(z.int().min(1024).max(65_535)).safeParse(parsed(text));
  return ports.success ? ports.data : [];
}

/** Puts `port` first; keeps as many as stacks are likely to run beside each other. */
export async function rememberPort(cache: string, port: number): Promise<void> {
  const ports = [port, ...(await rememberedPorts(cache)).filter((other) => other !== port)].slice(0, 4);
  await mkdir(cache, { recursive: true });
  const temporary = `${fileOf(cache)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(ports));
  await rename(temporary, fileOf(cache));
}

const fileOf = (cache: string): string => join(cache, 'ministack-ports.json');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file costs a synthesis, nothing more.
    return [];
  }
}
