import { expect, test } from 'vitest';
import { createAssignment } from './assignment.ts';

function assignmentAt(joinSentAt: number) {
  let now = joinSentAt + 100;
  const assignment = createAssignment(1, 10_000, joinSentAt, () => now);
  return {
    assignment,
    at: (ms: number) => {
      now = ms;
      return assignment;
    },
  };
}

test('an assignment is current for a session timeout from when the join was sent', () => {
  const { at } = assignmentAt(0);
  expect([at(9_999).isCurrent(), at(10_000).isCurrent()]).toEqual([true, false]);
});

test('a heartbeat counts from the answer before it, which is before it was sent', () => {
  const { at } = assignmentAt(0);
  at(2_000).heartbeatAnswered();
  expect([at(10_099).isCurrent(), at(10_100).isCurrent()]).toEqual([true, false]);
  at(4_000).heartbeatAnswered();
  expect([at(11_999).isCurrent(), at(12_000).isCurrent()]).toEqual([true, false]);
});

test('a revoked assignment is not current, whatever is answered', () => {
  const { assignment, at } = assignmentAt(0);
  assignment.revoke();
  at(200).heartbeatAnswered();
  expect([assignment.isCurrent(), assignment.isRevoked()]).toEqual([false, true]);
});
