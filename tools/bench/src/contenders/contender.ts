/** What came of one round of W. */
export interface RoundResult {
  perSecond: number;
  /** CPU time that an event took of each process, servers included; in µs. */
  cpuUs: Record<string, number>;
  /** What doesn't add up, as texts. */
  faults: string[];
}

/** A round at a steady rate, whether or not the events before are done. */
export interface OpenRoundResult extends RoundResult {
  /** From an event's sending to its end. */
  latenciesMs: number[];
}

/** Something that runs W. Started once; quiet between its rounds. */
export interface Contender extends AsyncDisposable {
  /** From the first event handed over to the last durable record. */
  runRound(events: number): Promise<RoundResult>;
}
