import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { say, stateDir } from './project.mjs';

const lockFile = `${stateDir}/bootstrap.lock`;

/** Runs `work` while no other bootstrap of this checkout does. A lock whose process is gone is taken over. */
export async function withLock(work) {
  mkdirSync(stateDir, { recursive: true });
  let said = false;
  while (!take()) {
    if (!said) say(`waiting for another run (process ${holder()}) to finish its set-up`);
    said = true;
    await delay(200);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

// The file appears with its content (link is atomic), so that nobody ever reads a lock without a holder.
function take() {
  const mine = `${lockFile}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    dropStale();
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function dropStale() {
  const pid = holder();
  if (pid === undefined || isAlive(pid)) return;
  const aside = `${lockFile}.stale.${process.pid}`;
  try {
    renameSync(lockFile, aside);
    // Someone else may have replaced the stale lock between the look and the rename: give theirs back.
    if (readFileSync(aside, 'utf8') !== String(pid)) linkSync(aside, lockFile);
    rmSync(aside, { force: true });
  } catch {
    rmSync(aside, { force: true });
  }
}

function holder() {
  try {
    return Number(readFileSync(lockFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
