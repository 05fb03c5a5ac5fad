import { createFieldReader, createPreviousReader, type FieldPath, type Json, parseFieldPath } from '@millrace/workflow';
import type { Member, Question } from './choose-guards.ts';
import { type CrossingGuard, type EqualityGuard, type Guard, type Key, keyOf, type RangeGuard } from './guard.ts';
import { createIntervals } from './intervals.ts';
import type { Node } from './node.ts';
import { createThresholds } from './thresholds.ts';

type Build = (members: readonly Member[]) => Node;

/** The node that asks a question; `build` arranges what hangs below one of its answers. */
export function createQuestion(question: Question, build: Build): Node {
  const path = parseFieldPath(question.field) as FieldPath;
  if (question.kind === 'equality') return createHash(question, path, build);
  return question.kind === 'range' ? createRanges(question, path) : createCrossings(question, path);
}

function createHash({ asksForChange, asked }: Question, path: FieldPath, build: Build): Node {
  const read = createFieldReader(path);
  const membersByKey = new Map<Key, Member[]>();
  const spellings = new Set<string>();
  const everybody: Member[] = [];
  const strangersByKind = new Map<string, Member[]>(['string', 'number', 'boolean'].map((kind) => [kind, []]));
  for (const { member, guard } of asked) {
    const { keys, spellings: own } = guard as EqualityGuard;
    for (const spelling of own) spellings.add(spelling);
    const below = createBelow(member, guard);
    everybody.push(member);
    const kinds = new Set([...keys].map((key) => typeof key));
    for (const [kind, strangers] of strangersByKind) if (!kinds.has(kind as 'string')) strangers.push(member);
    for (const key of keys) {
      const known = membersByKey.get(key);
      if (known === undefined) membersByKey.set(key, [below]);
      else known.push(below);
    }
  }
  const nodeByKey = new Map([...membersByKey].map(([key, members]) => [key, build(members)]));
  const nodeBySpelling = new Map<Json, Node>([...spellings].map((spelling) => [spelling, nodeByKey.get(keyOf(spelling) as Key) as Node]));
  const areStrangers = [...strangersByKind.values()].some((strangers) => strangers.length > 0);
  return {
    collect(context, into) {
      if (asksForChange && context.previous === null) return addAll(everybody, into);
      const seen = read(context);
      if (seen === undefined) return;
      let node = nodeBySpelling.get(seen);
      if (node === undefined) {
        const key = keyOf(seen);
        if (key === undefined) return addAll(everybody, into);
        node = nodeByKey.get(key);
      }
      if (node !== undefined) node.collect(context, into);
      if (areStrangers) addAll(strangersByKind.get(typeof seen) as Member[], into);
    },
  };
}

/** What is left of a member where the event meets the guard. */
function createBelow({ trigger, terms, guards }: Member, met: Guard): Member {
  const proven = new Set(met.proves.map((at) => trigger.terms[at]));
  return {
    trigger,
    terms: terms.filter((term) => !proven.has(term)),
    // A list below a list would multiply the places that a trigger has in the index.
    guards: guards.filter((guard) => guard !== met && !(isList(guard) && isList(met))),
  };
}

function isList(guard: Guard): boolean {
  return guard.kind === 'equality' && guard.keys.size > 1;
}

function createRanges({ asked }: Question, path: FieldPath): Node {
  const read = createFieldReader(path);
  const everybody = asked.map(({ member }) => member);
  const intervals = createIntervals(
    asked.map(({ member, guard }) => {
      const { low, high } = guard as RangeGuard;
      return { low, high, item: createBelow(member, guard) };
    }),
  );
  return {
    collect(context, into) {
      const seen = read(context);
      if (seen === undefined) return;
      if (typeof seen === 'number') intervals.collect(seen, into);
      else addAll(everybody, into);
    },
  };
}

function createCrossings({ asked }: Question, path: FieldPath): Node {
  const read = createFieldReader(path);
  const readPrevious = createPreviousReader(path);
  const everybody = asked.map(({ member }) => member);
  const thresholds = createThresholds(
    asked.map(({ member, guard }) => ({
      threshold: (guard as CrossingGuard).threshold,
      item: member,
    })),
  );
  return {
    collect(context, into) {
      if (context.previous === null) return addAll(everybody, into);
      const seen = read(context);
      if (seen === undefined) return;
      const before = readPrevious(context);
      if (typeof seen === 'number' && before === undefined) return;
      if (typeof seen === 'number' && typeof before === 'number') thresholds.collect(Math.min(before, seen), Math.max(before, seen), into);
      else addAll(everybody, into);
    },
  };
}

function addAll(members: readonly Member[], into: Member[]): void {
  for (const member of members) into.push(member);
}
