import type { CompiledConditions } from '@millrace/workflow';
import type { IndexedTrigger } from '../definition.ts';
import type { Guard, Key } from './guard.ts';

/** A trigger at a place in the index, and what its way there has left to ask. */
export interface Member {
  trigger: IndexedTrigger;
  terms: readonly CompiledConditions[];
  /** Not used on the way. */
  guards: readonly Guard[];
}

export function createMember(trigger: IndexedTrigger): Member {
  return { trigger, terms: trigger.terms, guards: trigger.guards };
}

/** Members that are told apart by the same look at an event. */
export interface Question {
  kind: Guard['kind'];
  field: string;
  asksForChange: boolean;
  asked: { member: Member; guard: Guard }[];
}

interface Choice {
  questions: Question[];
  /** Members that no guard tells apart. */
  rest: Member[];
}

/**
 * Gives each member the guard by which it is met least often: an equality where it has one, as what hangs below a value is
 * arranged again by the other guards, else a threshold. Members with no guard in common with another are the rest.
 */
export function chooseGuards(members: readonly Member[]): Choice {
  const weights = weigh(members);
  const questions = new Map<string, Question>();
  const rest: Member[] = [];
  for (const member of members) {
    const guard = cheapest(member.guards, weights);
    if (guard === null) {
      rest.push(member);
      continue;
    }
    let question = questions.get(guard.question);
    if (question === undefined) {
      question = { kind: guard.kind, field: guard.field, asksForChange: guard.kind === 'equality' && guard.asksForChange, asked: [] };
      questions.set(guard.question, question);
    }
    question.asked.push({ member, guard });
  }
  return { questions: [...questions.values()], rest };
}

/** How many guards ask a question, and how many of them name each value. */
interface Weight {
  guards: number;
  byKey: Map<Key, number>;
}

function weigh(members: readonly Member[]): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const { guards } of members) {
    for (const guard of guards) {
      let weight = weights.get(guard.question);
      if (weight === undefined) {
        weight = { guards: 0, byKey: new Map() };
        weights.set(guard.question, weight);
      }
      weight.guards += 1;
      if (guard.kind === 'equality') for (const key of guard.keys) weight.byKey.set(key, (weight.byKey.get(key) ?? 0) + 1);
    }
  }
  return weights;
}

/** A look at the event for one trigger alone would cost what asking the trigger does. */
function cheapest(guards: readonly Guard[], weights: Map<string, Weight>): Guard | null {
  let best: Guard | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const guard of guards) {
    const weight = weights.get(guard.question) as Weight;
    const cost = weight.guards > 1 ? costOf(guard, weight) : Number.POSITIVE_INFINITY;
    if (cost >= lowest) continue;
    best = guard;
    lowest = cost;
  }
  return best;
}

/** The share of events that meet the member, as far as the members' own values tell, and its share of the look at an event. */
function costOf(guard: Guard, { guards, byKey }: Weight): number {
  if (guard.kind !== 'equality') return (guard.kind === 'crossing' ? 2 : 3) + 1 / guards;
  let named = 0;
  for (const key of guard.keys) named += byKey.get(key) ?? 0;
  return (Math.min(named, guards) + 1) / guards;
}
