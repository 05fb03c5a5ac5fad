import type { ConditionContext } from '@millrace/workflow';
import { chooseGuards, type Member } from './choose-guards.ts';
import { createQuestion } from './question.ts';

/** Triggers, arranged so that an event meets few of those that it can't start. Immutable. */
export interface Node {
  /** Adds each trigger that the event's values don't rule out, once. */
  collect(context: ConditionContext, into: Member[]): void;
}

/** Asking so few costs no more than looking for the right ones. */
const mostInList = 6;

/** Arranges triggers by the guards that are left of each: hashed or sorted by the best, and within that by the next. */
export function createNode(members: readonly Member[]): Node {
  if (members.length <= mostInList) return createList(members);
  const { questions, rest } = chooseGuards(members);
  const nodes = questions.map((question) => createQuestion(question, createNode));
  if (rest.length > 0) nodes.push(createList(rest));
  const [only] = nodes;
  if (nodes.length === 1 && only !== undefined) return only;
  return {
    collect(context, into) {
      for (const node of nodes) node.collect(context, into);
    },
  };
}

function createList(members: readonly Member[]): Node {
  return {
    collect(_context, into) {
      for (const member of members) into.push(member);
    },
  };
}
