/** The partitions that a consumer held between two rebalances. */
export interface Assignment {
  /** Counts the consumer's assignments, from 1. */
  readonly generation: number;
  /** Not revoked, and the broker can't have given the partitions to another: the last answered heartbeat was sent less than a session timeout ago. */
  isCurrent(): boolean;
  isRevoked(): boolean;
}

export interface HeldAssignment extends Assignment {
  /** A heartbeat was answered. It was sent after the answer before it, which is what is counted: never too late. */
  heartbeatAnswered(): void;
  revoke(): void;
}

/** Times are of a monotonic clock, in milliseconds; `joinSentAt` is when the request was sent whose answer gave the assignment. */
export function createAssignment(
  generation: number,
  sessionTimeoutMs: number,
  joinSentAt: number,
  now = () => performance.now(),
): HeldAssignment {
  let isRevoked = false;
  let aliveSince = joinSentAt;
  let answeredAt = now();
  return {
    generation,
    isCurrent: () => !isRevoked && now() - aliveSince < sessionTimeoutMs,
    isRevoked: () => isRevoked,
    heartbeatAnswered() {
      aliveSince = answeredAt;
      answeredAt = now();
    },
    revoke() {
      isRevoked = true;
    },
  };
}
