import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs `work` while no other process has this lock file. A lock whose process is gone is taken over; `onWait` is told the pid that is waited for. */
export async function withLock(file, onWait, work) {
  let said = false;
  while (!take(file)) {
    const holder = read(file);
    if (!said && holder !== undefined) {
      said = true;
      onWait(Number.parseInt(holder, 10));
    }
    await delay(100);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

// The file appears with its content (link is atomic), so that nobody ever reads a lock without a holder.
function take(file) {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, identity(process.pid));
  try {
    linkSync(mine, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    dropStale(file);
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

function dropStale(file) {
  const holder = read(file);
  if (holder === undefined || identity(Number.parseInt(holder, 10)) === holder) return;
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
    // Someone else may have replaced the stale lock between the look and the rename: give theirs back.
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, file);
  } catch {
    // Another one was quicker.
  } finally {
    rmSync(aside, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

// A pid is given to another process one day; together with its start time it is not. Where /proc is missing, the pid has to do.
function identity(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return 'gone';
  }
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? `${pid}` : `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
}
