/** Runs `work` while no other process has this lock file. A lock whose process is gone is taken over; `onWait` is told the pid that is waited for. */
export function withLock<T>(file: string, onWait: (pid: number) => void, work: () => Promise<T>): Promise<T>;
