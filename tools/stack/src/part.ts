export const partNames = ['kafka', 'registry', 'database'] as const;
export type PartName = (typeof partNames)[number];

/** One of the three servers of a stack, wherever it runs. */
export interface Part {
  label: string;
  /** Where clients find it: host:port of a broker, or a URL. */
  address: string;
  /** Somebody else's: it is never started, stopped or killed from here. */
  runsElsewhere: boolean;
  isRunning: () => Promise<boolean>;
  /** The server's process on this machine; null where it has none of its own here. */
  pid: () => number | null;
  answers: () => Promise<boolean>;
  /** Throws when the part could not start now (a port in use), before anything is started. */
  check: () => Promise<void>;
  /** Returns once it answers; does nothing more where it runs already. */
  start: () => Promise<void>;
  /** Returns once it is gone; its data stay. */
  stop: () => Promise<void>;
  /** As `stop`, by SIGKILL. */
  kill: () => Promise<void>;
  /** Its last lines of log. */
  logs: (lines: number) => Promise<string>;
}
